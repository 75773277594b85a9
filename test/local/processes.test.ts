import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { describe, expect, test } from "@jest/globals";
import { couldHaveWritten, isAlive, ownProcess, runsHere, signalIfHere, startOf, startTime } from "../../local/processes.ts";

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

  test.each([
    ["of this boot, whatever the machine is called now", { host: "elsewhere" }, true],
    ["of another boot or machine", { startedAs: `00000000/${ownProcess().startedAs.split("/")[1]}` }, false],
    ["that does not tell the start", { startedAs: "" }, false],
  ])("a record %s: it runs here: %#", (_, change, here) => {
    expect(runsHere({ ...ownProcess(), ...change })).toBe(here);
  });

  test("who is not the one of the record gets no signal, and one that has ended is no error", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await once(child, "spawn");
    const identity = { pid: child.pid!, host: hostname(), startedAs: startOf(child.pid!)! };
    expect(signalIfHere({ ...identity, startedAs: "00000000/1" }, "SIGKILL")).toBe(false);
    expect(runsHere(identity)).toBe(true);
    expect(signalIfHere(identity, "SIGKILL")).toBe(true);
    await once(child, "exit");
    expect(signalIfHere(identity, "SIGKILL")).toBe(false);
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
