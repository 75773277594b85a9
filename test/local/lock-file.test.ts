import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { acquireLock, holderOf, type Lock, type LockRecord } from "../../local/lock-file.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "toolwharf-lock-"));
  file = join(folder, "a", "lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function taken(): Lock {
  const answer = acquireLock(file, { what: "test" });
  if ("heldBy" in answer) throw new Error("held");
  return answer.lock;
}

function leaveDead(): LockRecord {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  const record: LockRecord = { holder: { pid, host: hostname(), startedAs: "boot/1" }, since: "2026-01-01T00:00:00.000Z", note: { what: "dead" } };
  writeFileSync(file, JSON.stringify(record));
  return record;
}

describe("lock files", () => {
  test("one holder at a time; the second learns who it is", () => {
    taken();
    expect(acquireLock(file)).toMatchObject({ heldBy: { holder: { pid: process.pid }, note: { what: "test" } } });
    expect(holderOf(file)?.holder.pid).toBe(process.pid);
  });

  test("released, it is free, and no file is left", () => {
    taken().release();
    expect(holderOf(file)).toBeUndefined();
    expect(readdirSync(join(folder, "a"))).toEqual([]);
    expect(taken().takenOverFrom).toBeUndefined();
  });

  test("a dead holder's lock is taken over, and what it left behind is told", () => {
    taken().release();
    const dead = leaveDead();
    expect(holderOf(file)).toBeUndefined();
    expect(taken().takenOverFrom).toEqual(dead);
  });

  test("an abandoned lock is free, but not as if nothing had happened", () => {
    taken().abandon();
    expect(existsSync(file)).toBe(true);
    expect(holderOf(file)).toBeUndefined();
    expect(taken().takenOverFrom).toMatchObject({ abandoned: true, note: { what: "test" } });
  });

  test("a file that is no record counts as left by somebody dead", () => {
    taken().release();
    writeFileSync(file, "{");
    expect(taken().takenOverFrom).toBeDefined();
  });

  test("a lock that cannot be read is neither free nor spun on", () => {
    // A folder in the file's place: like a file of mode 0600 of another user, but for root too.
    mkdirSync(file, { recursive: true });
    const unreadable = expect.objectContaining({ code: "LOCK_UNREADABLE", value: file, message: expect.stringContaining("EISDIR") });
    expect(() => acquireLock(file)).toThrow(unreadable);
    expect(() => holderOf(file)).toThrow(unreadable);
  });

  test("releasing a lock that another took over meanwhile leaves that one alone", () => {
    const first = taken();
    rmSync(file);
    leaveDead();
    const before = readFileSync(file, "utf8");
    first.release();
    expect(readFileSync(file, "utf8")).toBe(before);
  });
});
