import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { nodeBinaryFor } from "../../../scripts/language-host/node-binary.js";

const OLD = { version: "v20.20.2", execPath: "/usr/bin/node" };

describe("nodeBinaryFor", () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "toolwharf-node-")));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const withNode = (name: string) => {
    const bin = join(folder, name, ".toolwharf/node/node_modules", `node-${process.platform}-${process.arch}`, "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "node"), "");
    return join(bin, "node");
  };

  test("is the one on PATH if that runs TypeScript", () => {
    withNode("project");
    expect(nodeBinaryFor(join(folder, "project"), { version: "v22.18.0", execPath: "/usr/bin/node" })).toBe("/usr/bin/node");
  });

  test("else the project's own", () => {
    const own = withNode("project");
    expect(nodeBinaryFor(join(folder, "project"), OLD)).toBe(own);
  });

  test("else that of the checkout whose packages the project links to", () => {
    const own = withNode("checkout");
    mkdirSync(join(folder, "checkout", "node_modules"));
    mkdirSync(join(folder, "scratch"));
    symlinkSync(join(folder, "checkout", "node_modules"), join(folder, "scratch", "node_modules"));
    expect(nodeBinaryFor(join(folder, "scratch"), OLD)).toBe(own);
  });

  test("else the old one, which runs programs in JavaScript", () => {
    expect(nodeBinaryFor(folder, OLD)).toBe("/usr/bin/node");
  });
});
