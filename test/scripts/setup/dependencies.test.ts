import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { dependenciesReady, isInstalled } from "../../../scripts/setup/dependencies.js";
import { foldersOf } from "../../../scripts/setup/folders.js";

const lock = (packages: Record<string, object>) => ({ packages: { "": {}, ...packages } });

describe("isInstalled", () => {
  test.each([
    ["the same versions", lock({ "node_modules/a": { version: "1.0.0" } }), { "node_modules/a": { version: "1.0.0" } }, true],
    ["another version", lock({ "node_modules/a": { version: "1.0.1" } }), { "node_modules/a": { version: "1.0.0" } }, false],
    ["a package too few", lock({ "node_modules/a": { version: "1.0.0" } }), {}, false],
    ["a package too many", lock({}), { "node_modules/a": { version: "1.0.0" } }, false],
    ["an optional package of another platform left out", lock({ "node_modules/a": { version: "1.0.0", optional: true } }), {}, true],
  ])("%s: %#", (_case, wanted, installed, expected) => {
    expect(isInstalled(wanted, { packages: installed })).toBe(expected);
  });
});

describe("dependenciesReady", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "toolwharf-dependencies-"));
    writeFileSync(join(root, "package-lock.json"), JSON.stringify(lock({ "node_modules/a": { version: "1.0.0" } })));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const install = (version: string) => {
    mkdirSync(join(root, "node_modules"));
    writeFileSync(join(root, "node_modules", ".package-lock.json"), JSON.stringify({ packages: { "node_modules/a": { version } } }));
  };

  test("without node_modules nothing is ready", () => {
    expect(dependenciesReady(foldersOf(root))).toBe(false);
  });

  test("recognises what somebody installed by hand, marks it and links the command", () => {
    install("1.0.0");
    expect(dependenciesReady(foldersOf(root))).toBe(true);
    expect(readFileSync(foldersOf(root).lockHashFile, "utf8")).toMatch(/^[0-9a-f]{64}\n$/);
    expect(readlinkSync(join(root, "node_modules/.bin/toolwharf"))).toBe("../../bin/toolwharf");
  });

  test("is not ready once the lock file asks for something else", () => {
    install("1.0.0");
    dependenciesReady(foldersOf(root));
    writeFileSync(join(root, "package-lock.json"), JSON.stringify(lock({ "node_modules/a": { version: "2.0.0" } })));
    expect(dependenciesReady(foldersOf(root))).toBe(false);
  });
});
