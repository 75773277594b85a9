import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { describe, expect, test } from "@jest/globals";
import { couldHaveWritten, isAlive, ownProcess, startOf, startTime } from "../../local/processes.ts";

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return child.pid!;
}

describe("processes", () => {
  test("this process is alive", () => {
    expect(isAlive(ownProcess())).toBe(true);
  });

  test("one that ended is dead", async () => {
    const pid = await deadPid();
    expect(startOf(pid)).toBeUndefined();
    expect(isAlive({ pid, host: hostname(), startedAs: "" })).toBe(false);
  });

  test("the same id with another start is another process", () => {
    expect(isAlive({ ...ownProcess(), startedAs: `${ownProcess().startedAs}0` })).toBe(false);
  });

  test("one on another host cannot be asked about, so it counts as alive", () => {
    expect(isAlive({ pid: 1, host: "elsewhere", startedAs: "x" })).toBe(true);
  });

  test("the start is a time in the past of this run", () => {
    const started = startTime(process.pid)!;
    expect(Math.abs(Date.now() - process.uptime() * 1000 - started)).toBeLessThan(5_000);
  });

  test("what was written before a process began was written by an earlier owner of its id", () => {
    expect(couldHaveWritten(process.pid, new Date())).toBe(true);
    expect(couldHaveWritten(process.pid, new Date(startTime(process.pid)! - 60_000))).toBe(false);
  });
});
