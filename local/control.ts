import { spawn } from "node:child_process";
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, rmSync, statSync } from "node:fs";
import { request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Connection } from "./connection.ts";
import type { Layout } from "./layout.ts";
import { holderOf, removeUnheld, type LockRecord } from "./lock-file.ts";
import { MiniatureError } from "./miniature-error.ts";
import { runsHere, signalIfHere } from "./processes.ts";

const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 15_000;
const POLL_MS = 40;
const LOG_LINES_SHOWN = 15;

/** The running miniature of a project; `undefined` if there is none, or only the record of one that died. */
export function findMiniature(layout: Layout): Connection | undefined {
  const holder = holderOf(layout.lockFile, runsHere);
  if (!holder) return undefined;
  try {
    const connection = JSON.parse(readFileSync(layout.connectionFile, "utf8")) as Connection;
    return connection.pid === holder.holder.pid ? connection : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Finds the miniature or starts it, detached from this process, and waits until its ARM answers.
 * Harmless when two do it at the same time: a lock lets one daemon through, and both wait for that one.
 *
 * @param options.deadlineMs default 60,000
 * @throws MiniatureError `MINIATURE_NOT_STARTED` with the last lines of the daemon's log
 */
export async function startMiniature(
  layout: Layout,
  options: { deadlineMs?: number; daemonFile?: string } = {},
): Promise<{ connection: Connection; started: boolean }> {
  const running = findMiniature(layout);
  if (running) return { connection: running, started: false };

  const until = Date.now() + (options.deadlineMs ?? START_DEADLINE_MS);
  const logStart = sizeOf(layout.logFile);
  const child = spawnDaemon(layout, options.daemonFile ?? fileURLToPath(new URL("daemon.ts", import.meta.url)));
  while (Date.now() < until) {
    const connection = findMiniature(layout);
    if (connection && (await armAnswers(connection))) return { connection, started: connection.pid === child.pid };
    // A daemon that ends while nobody holds the lock failed; one that ends while somebody does left the place to that one.
    if (child.ended() && !holderOf(layout.lockFile, runsHere) && !findMiniature(layout)) {
      throw notStarted(layout, logStart, `its process ended with ${child.ended()}`);
    }
    await sleep(POLL_MS);
  }
  child.stop();
  throw notStarted(layout, logStart, `it was not ready within ${(options.deadlineMs ?? START_DEADLINE_MS) / 1000} s`);
}

/**
 * Stops the daemon; its containers go on running. A daemon that does not end within 15 s is killed.
 *
 * @returns the process id that was stopped; `undefined` if none ran
 * @throws MiniatureError `MINIATURE_NOT_STOPPED`
 */
export async function stopMiniature(layout: Layout): Promise<number | undefined> {
  const record = holderOf(layout.lockFile, runsHere);
  if (record && !(await end(record, "SIGTERM")) && !(await end(record, "SIGKILL"))) throw notStopped(record, "it has not ended after SIGKILL");
  // A daemon that has started since has taken the lock, and the connection is its own.
  if (removeUnheld(layout.lockFile, runsHere)) rmSync(layout.connectionFile, { force: true });
  return record?.holder.pid;
}

/** Whether ARM's HTTPS face answers at all; without a token it says 401. */
export function armAnswers(connection: Connection): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(
      `${connection.armEndpoint}/subscriptions/${connection.subscriptionId}?api-version=2022-12-01`,
      { ca: readFileSync(connection.caFile), timeout: 2_000, agent: false },
      (response) => {
        response.resume();
        response.on("end", () => resolve(true));
        response.on("error", () => resolve(false));
      },
    );
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(false));
    asked.end();
  });
}

/** The daemon's last words: at most `lines` lines from what it wrote after byte `from`. */
export function lastLogLines(layout: Layout, lines: number, from = 0): string[] {
  if (!existsSync(layout.logFile)) return [];
  const file = openSync(layout.logFile, "r");
  try {
    const size = fstatSync(file).size;
    // A log that is now shorter than `from` was rotated meanwhile: all of it is new.
    const start = Math.max(from > size ? 0 : from, size - 64 * 1024);
    const buffer = Buffer.alloc(size - start);
    readSync(file, buffer, 0, buffer.length, start);
    return buffer.toString("utf8").split("\n").filter(Boolean).slice(-lines);
  } finally {
    closeSync(file);
  }
}

function spawnDaemon(layout: Layout, daemonFile: string): { pid: number | undefined; ended(): string | undefined; stop(): void } {
  mkdirSync(layout.root, { recursive: true, mode: 0o700 });
  const log = openSync(layout.logFile, "a", 0o600);
  let ended: string | undefined;
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", daemonFile, "--project", layout.project], {
    cwd: layout.project,
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.on("exit", (code, killedBy) => (ended = killedBy ? `signal ${killedBy}` : `exit code ${code}`));
  child.on("error", (error) => (ended = error.message));
  child.unref();
  return { pid: child.pid, ended: () => ended, stop: () => child.kill("SIGTERM") };
}

function notStarted(layout: Layout, logStart: number, cause: string): MiniatureError {
  const said = lastLogLines(layout, LOG_LINES_SHOWN, logStart).map((line) => `  ${line}`);
  return new MiniatureError("MINIATURE_NOT_STARTED", [`the miniature did not start: ${cause}`, ...said].join("\n"), {
    value: layout.logFile,
    next: "toolwharf doctor, then: toolwharf local up",
  });
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function notStopped({ holder: { pid } }: LockRecord, cause: string): MiniatureError {
  return new MiniatureError("MINIATURE_NOT_STOPPED", `the miniature's process ${pid} was not stopped: ${cause}`, {
    value: `pid ${pid}`,
    next: `see whose it is with: ps -o user,stat,args -p ${pid}; as that user: toolwharf local down`,
  });
}

/** @returns whether it ended within 15 s */
async function end(record: LockRecord, signal: NodeJS.Signals): Promise<boolean> {
  try {
    signalIfHere(record.holder, signal);
  } catch (error) {
    throw notStopped(record, (error as Error).message);
  }
  for (const until = Date.now() + STOP_DEADLINE_MS; Date.now() < until; await sleep(POLL_MS)) if (!runsHere(record.holder)) return true;
  return !runsHere(record.holder);
}
