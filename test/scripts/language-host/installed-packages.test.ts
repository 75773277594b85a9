import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { installedPackages, pulumiPackages } from "../../../scripts/language-host/installed-packages.js";

const program = mkdtempSync(join(tmpdir(), "toolwharf-packages-"));
afterAll(() => rmSync(program, { recursive: true }));

const manifest = (folder: string, content: object) => {
  mkdirSync(join(program, folder), { recursive: true });
  writeFileSync(join(program, folder, "package.json"), JSON.stringify(content));
};
manifest(".", { dependencies: { "@pulumi/docker": "5.2.0", plain: "1.0.0" } });
manifest("node_modules/plain", { name: "plain", version: "1.0.0" });
manifest("node_modules/@pulumi/pulumi", { name: "@pulumi/pulumi", version: "3.259.0" });
manifest("node_modules/@pulumi/docker", { name: "@pulumi/docker", version: "5.2.0", pulumi: { resource: true } });
manifest("node_modules/plain/node_modules/third-party", { name: "third-party", version: "2.0.0", pulumi: { resource: true, name: "third", version: "v2.1.0", server: "https://plugins.example" } });
manifest("node_modules/.cache", { name: "not-a-package", version: "0.0.0", pulumi: { resource: true } });

test("finds every package that needs a provider, however deep, by its plugin's name and version", () => {
  expect(pulumiPackages(program).sort((a, b) => a.name.localeCompare(b.name))).toEqual([
    { name: "docker", version: "v5.2.0", server: "" },
    { name: "third", version: "v2.1.0", server: "https://plugins.example" },
  ]);
});

test("lists what the program itself names, or everything", () => {
  expect(installedPackages(program, false).map(({ name }) => name)).toEqual(["@pulumi/docker", "plain"]);
  expect(installedPackages(program, true)).toHaveLength(4);
});

test("a program without packages needs none", () => {
  expect(pulumiPackages(join(program, "absent"))).toEqual([]);
});
