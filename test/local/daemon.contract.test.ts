import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Connection } from "../../local/connection.ts";
import { armAnswers, findMiniature, startMiniature, stopMiniature } from "../../local/control.ts";
import { layoutOf, type Layout } from "../../local/layout.ts";
import { startOf } from "../../local/processes.ts";

describe("the daemon", () => {
  let layout: Layout;
  let first: Connection;

  beforeAll(async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "toolwharf-daemon-")));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: wharf\n");
    layout = layoutOf(folder);
    // Two at the same time, as two terminals would.
    const both = await Promise.all([startMiniature(layout), startMiniature(layout)]);
    first = both[0].connection;
    expect(both[1].connection).toEqual(first);
    expect(both.filter(({ started }) => started)).toHaveLength(1);
  });
  afterAll(async () => {
    await stopMiniature(layout);
    rmSync(layout.project, { recursive: true, force: true });
  });

  test("is found, and answers over HTTPS", async () => {
    expect(findMiniature(layout)).toEqual(first);
    expect(await armAnswers(first)).toBe(true);
    expect(await startMiniature(layout)).toEqual({ connection: first, started: false });
  });

  test("tells its addresses and its caller's token to its owner only, and the token to no log", () => {
    expect([layout.connectionFile, layout.callerTokenFile, layout.logFile].map((file) => (statSync(file).mode & 0o777).toString(8))).toEqual(["600", "600", "600"]);
    expect(readFileSync(layout.logFile, "utf8")).not.toContain(readFileSync(layout.callerTokenFile, "utf8").slice(0, 40));
  });

  test("killed, it is not found any more; started again, it has the same addresses and the same tenant", async () => {
    process.kill(first.pid, "SIGKILL");
    for (let tries = 0; tries < 100 && startOf(first.pid) !== undefined; tries += 1) await sleep(20);
    expect(existsSync(layout.connectionFile)).toBe(true);
    expect(findMiniature(layout)).toBeUndefined();
    const { connection } = await startMiniature(layout);
    const { pid: _pid, startedAt: _startedAt, ...same } = first;
    expect(connection).toMatchObject(same);
    expect(connection.pid).not.toBe(first.pid);
  });

  test("a fault is logged with its reason", async () => {
    const file = layout.portsFile;
    await stopMiniature(layout);
    const ports = readFileSync(file, "utf8");
    rmSync(layout.documents, { recursive: true });
    writeFileSync(layout.documents, "not a folder");
    await expect(startMiniature(layout)).rejects.toMatchObject({ code: "MINIATURE_NOT_STARTED", message: expect.stringMatching(/the miniature cannot start: .*documents/) });
    expect([layout.connectionFile, layout.lockFile].filter((each) => existsSync(each))).toEqual([]);
    rmSync(layout.documents);
    expect(readFileSync(file, "utf8")).toBe(ports);
  });

  test("SIGTERM ends it in good order, within ten seconds", async () => {
    const { connection } = await startMiniature(layout);
    const began = Date.now();
    expect(await stopMiniature(layout)).toBe(connection.pid);
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(readFileSync(layout.logFile, "utf8")).toMatch(/stopping \(SIGTERM\)\n.* stopped\n$/);
    expect([layout.connectionFile, layout.lockFile].filter((each) => existsSync(each))).toEqual([]);
  });
});
