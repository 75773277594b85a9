import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { runEngine } from "../../automation/engine.ts";
import { openProject, type Project } from "../../automation/project.ts";
import { changeStack, openStack, type RunEvents, type StackContext } from "../../automation/stack-run.ts";
import { layoutOf } from "../../local/layout.ts";
import { acquireLock } from "../../local/lock-file.ts";

/** Stands for the Pulumi CLI: writes down what it is asked, makes a checkpoint at `stack init`, and ends `up` as it is told. */
const ENGINE = `
const { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const words = process.argv.slice(2);
const project = process.env.TEST_PROJECT;
appendFileSync(join(project, "asked"), words.slice(0, 2).join(" ") + "\\n");
const stacks = join(project, ".toolwharf", "state", ".pulumi", "stacks", "wharf");
const provider = { secrets_providers: { type: "passphrase", state: { salt: "v1:salt" } } };
if (words[1] === "init") {
  mkdirSync(stacks, { recursive: true });
  writeFileSync(join(stacks, words[2] + ".json"), JSON.stringify({ version: 3, checkpoint: { latest: provider } }));
}
if (words[1] === "export") console.log(JSON.stringify({ version: 3, deployment: { ...provider, resources: [{ urn: "urn:stack", type: "pulumi:pulumi:Stack" }] } }));
if (words[0] === "preview") process.exit(existsSync(join(project, "no preview")) ? 255 : 0);
if (words[0] === "up") {
  const end = readFileSync(join(project, "end"), "utf8");
  if (end === "killed") process.kill(process.pid, "SIGKILL");
  if (end === "miniature died") writeFileSync(join(project, ".toolwharf", "local", "connection.json"), JSON.stringify({ pid: process.ppid, startedAt: "later", providers: {} }));
  process.exit(end === "well" ? 0 : 255);
}
`;

let project: Project;
let context: StackContext;
let told: string[];
const path = process.env.PATH;

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), "toolwharf-run-"));
  for (const [name, text] of Object.entries({ "Pulumi.yaml": "name: wharf\n", pulumi: `#!${process.execPath}\n${ENGINE}`, asked: "", end: "well" })) writeFileSync(join(folder, name), text);
  chmodSync(join(folder, "pulumi"), 0o755);
  project = openProject(folder);
  const layout = layoutOf(folder);
  mkdirSync(layout.root, { recursive: true });
  acquireLock(layout.lockFile);
  writeFileSync(layout.connectionFile, JSON.stringify({ pid: process.pid, startedAt: "now", caFile: "/dev/null", subscriptionId: "s", providers: {} }));
  told = [];
  context = await openStack(project, "local");
  context.env = { ...context.env, TEST_PROJECT: folder, PATH: `${folder}${delimiter}${path}` };
});
afterEach(() => rmSync(project.folder, { recursive: true, force: true }));

const events: RunEvents = {
  timeoutMs: 0,
  onWait: () => told.push("wait"),
  onStart: () => told.push("start"),
  onDeadLocks: () => told.push("dead locks"),
  onRepair: () => told.push("repair"),
  onRepaired: () => told.push("repaired"),
};
const up = (end: string) => {
  writeFileSync(join(project.folder, "end"), end);
  writeFileSync(join(project.folder, "asked"), "");
  return changeStack(context, "toolwharf up", events, (args) => runEngine({ args: ["up", ...args], cwd: project.folder, env: context.env, output: "capture" }));
};
const asked = () => readFileSync(join(project.folder, "asked"), "utf8").trim().split("\n");
const marked = () => existsSync(join(project.cache, "running-local"));

describe("changing a stack", () => {
  test("the first time the stack is made; later the engine is all that runs", async () => {
    expect(await up("well")).toMatchObject({ code: 0 });
    expect(asked()).toEqual(["stack init", "up --stack"]);
    await up("well");
    expect(asked()).toEqual(["up --stack"]);
    expect([told, marked()]).toEqual([[], false]);
  });

  test("a run that fails in good order leaves nothing to repair", async () => {
    expect(await up("badly")).toMatchObject({ code: 255 });
    await up("well");
    expect(told).toEqual([]);
  });

  test("after a killed engine the next run repairs first, and the one after that no more", async () => {
    expect(await up("killed")).toMatchObject({ code: null, signal: "SIGKILL" });
    expect(marked()).toBe(true);
    await up("well");
    expect(asked()).toEqual(["stack export", "preview --json", "up --stack"]);
    expect([told, marked()]).toEqual([["repair", "repaired"], false]);
    await up("well");
    expect(asked()).toEqual(["up --stack"]);
  });

  test("what could not be compared, as the program could not be previewed, is compared again until a run succeeds", async () => {
    await up("killed");
    writeFileSync(join(project.folder, "no preview"), "");
    await up("badly");
    expect(marked()).toBe(true);
    rmSync(join(project.folder, "no preview"));
    await up("badly");
    expect([told, marked()]).toEqual([["repair", "repaired", "repair", "repaired"], false]);
  });

  test("an engine that lost its miniature on the way does not know what it created, so the next run repairs", async () => {
    await up("miniature died");
    expect(marked()).toBe(true);
  });
});

test("a stack on Azure gets the user's own environment, without any of the miniature's", async () => {
  const { env, connection } = await openStack(project, "dev");
  expect(connection).toBeUndefined();
  expect(Object.keys(env).filter((name) => name.startsWith("PULUMI_") && !(name in process.env))).toEqual([]);
});
