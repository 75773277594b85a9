import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openProject, type Project } from "../../automation/project.ts";
import { checkpointFile, hasPendingOperations, outputsOf, printedOutputs, readDeployment, stackExists, stackNames, type Deployment } from "../../automation/state-files.ts";

let project: Project;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "toolwharf-state-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: wharf\n");
  project = openProject(folder);
});
afterEach(() => rmSync(project.folder, { recursive: true, force: true }));

function write(stack: string, latest: Deployment | undefined): void {
  const file = checkpointFile(project, stack);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ version: 3, checkpoint: { stack: `organization/wharf/${stack}`, latest } }));
}

const stackOf = (outputs: Record<string, unknown>): Deployment => ({ resources: [{ urn: "urn:x", type: "pulumi:pulumi:Stack", custom: false, outputs }] });

describe("state files", () => {
  test("stacks are those that have a checkpoint; backups and side files are none", () => {
    write("local", undefined);
    write("local.flask-echo", undefined);
    for (const side of [".bak", ".attrs", ".bak.attrs"]) writeFileSync(`${checkpointFile(project, "local")}${side}`, "");
    expect(stackNames(project)).toEqual(["local", "local.flask-echo"]);
    expect([stackExists(project, "local"), stackExists(project, "dev")]).toEqual([true, false]);
  });

  test("a project that has never run has no stacks", () => {
    expect(stackNames(project)).toEqual([]);
    expect(readDeployment(project, "local")).toBeUndefined();
    expect(hasPendingOperations(project, "local")).toBe(false);
  });

  test("a stack that was never updated has no resources and no outputs", () => {
    write("local", undefined);
    expect(outputsOf(readDeployment(project, "local")!)).toEqual({});
  });

  test("pending operations are noticed", () => {
    write("local", { ...stackOf({}), pending_operations: [{ type: "creating", resource: { urn: "urn:y", type: "t", custom: true } }] });
    expect(hasPendingOperations(project, "local")).toBe(true);
    write("local", stackOf({ text: "pending_operations" }));
    expect(hasPendingOperations(project, "local")).toBe(true);
  });
});

describe("printed outputs", () => {
  test("sorted keys, two spaces, a line feed at the end, as the engine prints them", () => {
    expect(printedOutputs({ b: [1, { z: null, a: true }], a: { "node-echo": { url: "https://x?<a>&'" } }, empty: {}, none: [] })).toBe(
      '{\n  "a": {\n    "node-echo": {\n      "url": "https://x?<a>&\'"\n    }\n  },\n  "b": [\n    1,\n    {\n      "a": true,\n      "z": null\n    }\n  ],\n  "empty": {},\n  "none": []\n}\n',
    );
  });

  test.each([
    ["a secret", { a: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "x" } }],
    ["text outside of ASCII", { a: "\u2028" }],
    ["a key outside of ASCII", { "\u00e9": 1 }],
    ["keys that JavaScript orders by number", { 10: "a", 9: "b" }],
    ["a fraction", { a: 0.1 }],
    ["a number too large to be exact", { a: 2 ** 60 }],
  ])("%s is left to the engine", (_what, outputs) => {
    expect(printedOutputs(outputs as Record<string, unknown>)).toBeUndefined();
  });

  test("no outputs are an empty object", () => {
    expect(printedOutputs({})).toBe("{}\n");
  });
});
