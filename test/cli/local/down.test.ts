import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openProject, type Project } from "../../../automation/project.ts";
import { checkpointFile, engineLockFolder } from "../../../automation/state-files.ts";
import { refuseDuringRuns } from "../../../cli/local/running-stacks.ts";
import { startOf } from "../../../local/processes.ts";

let project: Project;
let other: ChildProcess;

beforeEach(async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "toolwharf-down-")));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: trial\n");
  project = openProject(folder);
  mkdirSync(project.cache, { recursive: true });
  other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await once(other, "spawn");
});
afterEach(async () => {
  other.kill("SIGKILL");
  if (other.exitCode === null && other.signalCode === null) await once(other, "exit");
  rmSync(project.folder, { recursive: true });
});

const ourRun = (stack: string, startedAs = startOf(other.pid!)) =>
  writeFileSync(
    join(project.cache, `running-${stack}`),
    JSON.stringify({ holder: { pid: other.pid, host: hostname(), startedAs }, since: "2026-01-01T00:00:00.000Z", note: { what: "toolwharf up" } }),
  );
const engineRun = (stack: string) => {
  mkdirSync(engineLockFolder(project, stack), { recursive: true });
  writeFileSync(join(engineLockFolder(project, stack), "a.json"), JSON.stringify({ pid: other.pid, username: "me", hostname: hostname(), timestamp: new Date().toISOString() }));
};
const withState = (stack: string) => {
  mkdirSync(join(checkpointFile(project, stack), ".."), { recursive: true });
  writeFileSync(checkpointFile(project, stack), "{}");
};

describe("taking the miniature down", () => {
  test.each([
    ["a run of ours", () => (withState("local"), ourRun("local")), "local"],
    ["a first run, which has no state yet", () => ourRun("local.weather"), "local.weather"],
    ["a plain pulumi run", () => engineRun("local"), "local"],
  ])("is refused during %s, naming process and stack", (_, begin, stack) => {
    begin();
    expect(() => refuseDuringRuns(project)).toThrow(
      expect.objectContaining({ code: "STACK_LOCKED", message: expect.stringContaining(`stack ${stack} by pid ${other.pid}`), next: expect.stringContaining(`kill -INT ${other.pid}`) }),
    );
  });

  test("goes on after runs that died", () => {
    withState("local");
    ourRun("local", "00000000/1");
    expect(() => refuseDuringRuns(project)).not.toThrow();
  });

  test("is refused before anything is touched", async () => {
    ourRun("local");
    const local = join(project.home, "local");
    mkdirSync(local);
    // The record of a miniature that died, which a stop would remove.
    writeFileSync(join(local, "connection.json"), "{}");
    const command = spawn(process.execPath, [join(import.meta.dirname, "../../../cli/main.ts"), "local", "down"], { cwd: project.folder });
    let said = "";
    command.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    expect((await once(command, "close"))[0]).toBe(1);
    expect(said).toContain("STACK_LOCKED");
    expect([readdirSync(local), existsSync(join(project.cache, "running-local"))]).toEqual([["connection.json"], true]);
  });
});
