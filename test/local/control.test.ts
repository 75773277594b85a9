import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { findMiniature, lastLogLines, startMiniature, stopMiniature } from "../../local/control.ts";
import { layoutOf, type Layout } from "../../local/layout.ts";
import { acquireLock } from "../../local/lock-file.ts";
import { startOf } from "../../local/processes.ts";

let layout: Layout;

beforeEach(() => {
  layout = layoutOf(mkdtempSync(join(tmpdir(), "toolwharf-control-")));
  mkdirSync(layout.root, { recursive: true });
});
afterEach(() => rmSync(layout.project, { recursive: true, force: true }));

const daemon = (source: string): string => {
  const file = join(layout.project, "daemon.mjs");
  writeFileSync(file, source);
  return file;
};

describe("finding the miniature", () => {
  test("its record alone does not make it running: the process must hold the lock", () => {
    writeFileSync(layout.connectionFile, JSON.stringify({ pid: process.pid, startedAt: "now" }));
    expect(findMiniature(layout)).toBeUndefined();
    acquireLock(layout.lockFile);
    expect(findMiniature(layout)).toMatchObject({ pid: process.pid });
  });

  test("the record of a process that died is not believed, even if its id lives again", () => {
    writeFileSync(layout.connectionFile, JSON.stringify({ pid: process.pid, startedAt: "before" }));
    writeFileSync(layout.lockFile, JSON.stringify({ holder: { pid: process.pid, host: hostname(), startedAs: "boot/1" }, since: "", note: {} }));
    expect(findMiniature(layout)).toBeUndefined();
  });

  test("a process that has the lock but is not ready is not running yet", () => {
    acquireLock(layout.lockFile);
    expect(findMiniature(layout)).toBeUndefined();
  });
});

describe("starting the miniature", () => {
  test("a daemon that fails is an error with its last words", async () => {
    const file = daemon('console.error("the port is taken"); process.exit(7);');
    await expect(startMiniature(layout, { daemonFile: file })).rejects.toMatchObject({
      code: "MINIATURE_NOT_STARTED",
      message: expect.stringMatching(/exit code 7[^]*the port is taken/),
      value: layout.logFile,
      next: expect.stringContaining("toolwharf doctor"),
    });
  });

  test("words of an earlier daemon are not shown as this one's", async () => {
    writeFileSync(layout.logFile, "an old trouble\n");
    const file = daemon('console.error("a new trouble"); process.exit(1);');
    await expect(startMiniature(layout, { daemonFile: file })).rejects.toMatchObject({ message: expect.not.stringContaining("old trouble") });
  });

  test("a daemon that is never ready is given up at the deadline", async () => {
    const file = daemon("setTimeout(() => {}, 3000);");
    await expect(startMiniature(layout, { daemonFile: file, deadlineMs: 300 })).rejects.toMatchObject({ message: expect.stringContaining("0.3 s") });
  });
});

describe("stopping the miniature", () => {
  test("the holder of the lock ends, and its records go", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await once(child, "spawn");
    const holder = { pid: child.pid, host: hostname(), startedAs: startOf(child.pid!) };
    writeFileSync(layout.lockFile, JSON.stringify({ holder, since: "", note: {} }));
    writeFileSync(layout.connectionFile, "{}");
    expect(await stopMiniature(layout)).toBe(child.pid);
    expect(startOf(child.pid!)).toBeUndefined();
    expect([layout.lockFile, layout.connectionFile].filter((file) => existsSync(file))).toEqual([]);
  });

  test("a process of another machine's record is neither waited for nor signalled", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await once(child, "spawn");
    writeFileSync(layout.lockFile, JSON.stringify({ holder: { pid: child.pid, host: "elsewhere", startedAs: "00000000/1" }, since: "", note: {} }));
    expect(await stopMiniature(layout)).toBeUndefined();
    expect(startOf(child.pid!)).toBeDefined();
    expect(existsSync(layout.lockFile)).toBe(false);
    child.kill("SIGKILL");
    await once(child, "exit");
  });

  test("the records of one that starts meanwhile stay", async () => {
    // Takes the place when it is asked to end, as a daemon that starts at that moment would.
    const next = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await once(next, "spawn");
    const recordOf = (pid: number) => JSON.stringify({ holder: { pid, host: hostname(), startedAs: startOf(pid) }, since: "", note: {} });
    const source = `process.on("SIGTERM", () => { require("fs").writeFileSync(${JSON.stringify(layout.lockFile)}, ${JSON.stringify(recordOf(next.pid!))}); process.exit(); }); setInterval(() => {}, 1000); console.log("up");`;
    const child = spawn(process.execPath, ["-e", source]);
    await once(child.stdout, "data");
    writeFileSync(layout.lockFile, recordOf(child.pid!));
    writeFileSync(layout.connectionFile, JSON.stringify({ pid: next.pid }));
    expect(await stopMiniature(layout)).toBe(child.pid);
    expect(findMiniature(layout)).toEqual({ pid: next.pid });
    next.kill("SIGKILL");
    await once(next, "exit");
  });

  test("none that runs is no error", async () => {
    expect(await stopMiniature(layout)).toBeUndefined();
  });
});

test("the last lines of the log, and of a log that was rotated meanwhile", () => {
  writeFileSync(layout.logFile, "one\ntwo\nthree\n");
  expect(lastLogLines(layout, 2)).toEqual(["two", "three"]);
  expect(lastLogLines(layout, 5, 4)).toEqual(["two", "three"]);
  expect(lastLogLines(layout, 5, 10_000)).toEqual(["one", "two", "three"]);
});
