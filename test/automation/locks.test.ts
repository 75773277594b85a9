import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { engineLocks, removeDeadLocks, takeStack, type Holder } from "../../automation/locks.ts";
import { openProject, type Project } from "../../automation/project.ts";
import { engineLockFolder } from "../../automation/state-files.ts";
import { startTime } from "../../local/processes.ts";

let project: Project;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "toolwharf-locks-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: wharf\n");
  project = openProject(folder);
});
afterEach(() => rmSync(project.folder, { recursive: true, force: true }));

function engineLock(pid: number, options: { host?: string; at?: Date } = {}): string {
  const folder = engineLockFolder(project, "local");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${pid}-${readdirSync(folder).length}.json`);
  writeFileSync(file, JSON.stringify({ pid, username: "me", hostname: options.host ?? hostname(), timestamp: (options.at ?? new Date()).toISOString() }));
  writeFileSync(`${file}.attrs`, "{}");
  return file;
}

const deadPid = (): number => spawnSync(process.execPath, ["-e", ""]).pid;
const waiting = (timeoutMs: number, holders: Holder[] = []) => ({ timeoutMs, onWait: (holder: Holder) => void holders.push(holder) });

describe("the engine's locks", () => {
  test("a dead owner's is removed with its side file; a living one's and another host's stay", () => {
    const dead = engineLock(deadPid());
    const alive = engineLock(process.pid);
    const elsewhere = engineLock(deadPid(), { host: "elsewhere" });
    expect(removeDeadLocks(project, "local").map(({ file }) => file)).toEqual([dead]);
    expect([dead, `${dead}.attrs`, alive, elsewhere].map((file) => existsSync(file))).toEqual([false, false, true, true]);
  });

  test("an owner whose id belongs to a younger process is dead", () => {
    engineLock(process.pid, { at: new Date(startTime(process.pid)! - 60_000) });
    expect(removeDeadLocks(project, "local")).toHaveLength(1);
  });

  test("a stack without locks has none", () => {
    expect(engineLocks(project, "local")).toEqual([]);
  });
});

describe("taking a stack", () => {
  test("a free stack is taken at once, and free again after the release", async () => {
    const { lock, deadLocks } = await takeStack(project, "local", "toolwharf up", waiting(0));
    expect([lock.takenOverFrom, deadLocks]).toEqual([undefined, []]);
    lock.release();
    await expect(takeStack(project, "local", "toolwharf up", waiting(0))).resolves.toBeDefined();
  });

  test("with no time to wait, a held stack is refused with code, process and time", async () => {
    await takeStack(project, "local", "toolwharf up", waiting(0));
    await expect(takeStack(project, "local", "toolwharf destroy", waiting(0))).rejects.toMatchObject({
      code: "STACK_LOCKED",
      message: expect.stringMatching(new RegExp(`locked by pid ${process.pid} \\(toolwharf up\\) since \\d{4}-`)),
      value: `pid ${process.pid}`,
      next: expect.stringContaining("--lock-timeout"),
    });
  });

  test("otherwise it waits, says once for whom, and goes on when the other ends", async () => {
    const { lock } = await takeStack(project, "local", "toolwharf up", waiting(0));
    const holders: Holder[] = [];
    setTimeout(() => lock.release(), 450);
    const second = await takeStack(project, "local", "toolwharf up", waiting(5_000, holders));
    expect(second.lock.takenOverFrom).toBeUndefined();
    expect(holders).toEqual([expect.objectContaining({ pid: process.pid, what: "toolwharf up" })]);
  });

  test("a plain pulumi that holds the stack is waited for too, and our own lock is given back on refusal", async () => {
    const file = engineLock(process.pid);
    await expect(takeStack(project, "local", "toolwharf up", waiting(0))).rejects.toMatchObject({ code: "STACK_LOCKED", message: expect.stringContaining("(pulumi)") });
    rmSync(file);
    expect((await takeStack(project, "local", "toolwharf up", waiting(0))).lock.takenOverFrom).toBeUndefined();
  });

  test("a lock of another host is refused with the way to remove it, since nobody here can know", async () => {
    engineLock(1, { host: "elsewhere" });
    await expect(takeStack(project, "local", "toolwharf up", waiting(0))).rejects.toMatchObject({ next: expect.stringContaining("pulumi cancel --stack local") });
  });

  test("what a dead engine left is removed and reported", async () => {
    const file = engineLock(deadPid());
    const { deadLocks } = await takeStack(project, "local", "toolwharf up", waiting(0));
    expect(deadLocks.map((lock) => lock.file)).toEqual([file]);
  });

  test("a run that was cut off shows itself to the next, also after one that only met a lock in between", async () => {
    (await takeStack(project, "local", "toolwharf up", waiting(0))).lock.abandon();
    const file = engineLock(process.pid);
    await expect(takeStack(project, "local", "toolwharf up", waiting(0))).rejects.toMatchObject({ code: "STACK_LOCKED" });
    rmSync(file);
    expect((await takeStack(project, "local", "toolwharf up", waiting(0))).lock.takenOverFrom).toBeDefined();
  });

  test("stacks are apart from each other", async () => {
    await takeStack(project, "local", "toolwharf up", waiting(0));
    await expect(takeStack(project, "local.flask-echo", "toolwharf up", waiting(0))).resolves.toBeDefined();
  });
});
