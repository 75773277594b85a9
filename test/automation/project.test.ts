import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { findProject } from "../../automation/project.ts";

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "toolwharf-project-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the project", () => {
  test("is the nearest folder with Pulumi.yaml, from below too", () => {
    writeFileSync(join(folder, "Pulumi.yaml"), "# a comment\nruntime: nodejs\nname: wharf\n");
    mkdirSync(join(folder, "tools", "a"), { recursive: true });
    expect(findProject(join(folder, "tools", "a"))).toMatchObject({ folder, name: "wharf", state: join(folder, ".toolwharf", "state") });
  });

  test.each(["name: 'wharf'", 'name: "wharf"   # as it is', "name:   wharf"])("its name is read from the line %s", (line) => {
    writeFileSync(join(folder, "Pulumi.yaml"), `${line}\n`);
    expect(findProject(folder).name).toBe("wharf");
  });

  test("a missing project is an error with the folder that was searched from", () => {
    expect(() => findProject(folder)).toThrow(expect.objectContaining({ code: "PROJECT_NOT_FOUND", value: folder }));
  });

  test("a project without a usable name says which line it needs", () => {
    writeFileSync(join(folder, "Pulumi.yaml"), "runtime: nodejs\n");
    expect(() => findProject(folder)).toThrow(expect.objectContaining({ code: "PROJECT_NAME_MISSING", allowed: expect.stringContaining("name:") }));
  });
});
