import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { foldersOf } from "../../../scripts/setup/folders.js";
import { installedNode, runsTypeScript } from "../../../scripts/setup/node.js";
import { NODE_VERSION } from "../../../scripts/setup/versions.js";

test.each([
  ["v18.20.4", false],
  ["v20.20.2", false],
  ["v22.17.9", false],
  ["v22.18.0", true],
  ["v23.0.0", true],
  ["v24.21.0", true],
])("%s runs TypeScript: %s", (version, expected) => {
  expect(runsTypeScript(version)).toBe(expected);
});

describe("installedNode", () => {
  test.each([
    [NODE_VERSION, true],
    ["24.0.0", false],
  ])("version %s is the wanted one: %s", (version, wanted) => {
    const root = mkdtempSync(join(tmpdir(), "toolwharf-node-"));
    const folder = join(root, ".toolwharf/node/node_modules", `node-${process.platform}-${process.arch}`);
    mkdirSync(join(folder, "bin"), { recursive: true });
    writeFileSync(join(folder, "bin", "node"), "");
    writeFileSync(join(folder, "package.json"), JSON.stringify({ version }));
    expect(installedNode(foldersOf(root))).toBe(wanted ? join(folder, "bin", "node") : undefined);
    rmSync(root, { recursive: true });
  });
});
