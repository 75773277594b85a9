import { readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { acquireLock, holderOf, type Lock, type LockRecord } from "../local/lock-file.ts";
import { couldHaveWritten } from "../local/processes.ts";
import type { Project } from "./project.ts";
import { engineLockFolder } from "./state-files.ts";
import { UserError } from "./user-error.ts";

/** One of the engine's own lock files; a plain `pulumi up` holds one too. */
export interface EngineLock {
  file: string;
  pid: number;
  username: string;
  hostname: string;
  /** ISO 8601. */
  timestamp: string;
}

/** Who holds a stack, for people. */
export interface Holder {
  pid: number;
  host: string;
  /** ISO 8601. */
  since: string;
  what: string;
}

export interface Waiting {
  /** 0 refuses at once. */
  timeoutMs: number;
  /** Called once for each new holder that is waited for. */
  onWait: (holder: Holder) => void;
}

const POLL_MS = 200;

/** The lock of a run on a stack, which also tells the next run whether this one came to its end. */
const RUN_LOCK = "running-";
const runLockFile = (project: Project, stack: string): string => join(project.cache, `${RUN_LOCK}${stack}`);

/** For when the stacks themselves are removed: what was cut off then no longer matters. */
export function forgetRuns(project: Project): void {
  for (const name of filesOf(project.cache)) if (name.startsWith(RUN_LOCK)) rmSync(join(project.cache, name), { force: true });
}

export function engineLocks(project: Project, stack: string): EngineLock[] {
  const folder = engineLockFolder(project, stack);
  return filesOf(folder)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => {
      const file = join(folder, name);
      try {
        return [{ ...(JSON.parse(readFileSync(file, "utf8")) as Omit<EngineLock, "file">), file }];
      } catch {
        return []; // Released between the two reads.
      }
    });
}

/** The engine writes no process start into its locks, so one whose process began after the lock is dead. */
export function isHeld(lock: EngineLock): boolean {
  if (lock.hostname !== hostname()) return true;
  return couldHaveWritten(lock.pid, new Date(lock.timestamp));
}

/**
 * Removes the engine's locks whose owners are dead, and no others: `pulumi cancel` would remove every lock of the
 * stack, also one that somebody took a moment ago.
 *
 * @returns the removed ones
 */
export function removeDeadLocks(project: Project, stack: string): EngineLock[] {
  const dead = engineLocks(project, stack).filter((lock) => !isHeld(lock));
  for (const { file } of dead) {
    rmSync(file, { force: true });
    rmSync(`${file}.attrs`, { force: true });
  }
  return dead;
}

/**
 * Takes the stack for a run: no other run of ours and no engine has it then.
 *
 * @param what the command, for those who meet the lock
 * @throws UserError `STACK_LOCKED` after `timeoutMs`
 */
export async function takeStack(
  project: Project,
  stack: string,
  what: string,
  waiting: Waiting,
  note: Record<string, unknown> = {},
): Promise<{ lock: Lock; deadLocks: EngineLock[] }> {
  const until = Date.now() + waiting.timeoutMs;
  const wait = waiter(stack, until, waiting);
  for (;;) {
    const answer = acquireLock(runLockFile(project, stack), { what, ...note });
    if ("heldBy" in answer) {
      await wait(ofRecord(answer.heldBy));
      continue;
    }
    const deadLocks = removeDeadLocks(project, stack);
    try {
      for (let held = engineLocks(project, stack)[0]; held; held = engineLocks(project, stack)[0]) {
        await wait({ pid: held.pid, host: held.hostname, since: held.timestamp, what: "pulumi" });
        deadLocks.push(...removeDeadLocks(project, stack));
      }
    } catch (error) {
      if (answer.lock.takenOverFrom) answer.lock.abandon();
      else answer.lock.release();
      throw error;
    }
    return { lock: answer.lock, deadLocks };
  }
}

/** Who has the stack now, without waiting for it; `undefined` if nobody alive has. */
export function holderOfStack(project: Project, stack: string): Holder | undefined {
  const record = holderOf(runLockFile(project, stack));
  if (record) return ofRecord(record);
  const lock = engineLocks(project, stack).find(isHeld);
  return lock && { pid: lock.pid, host: lock.hostname, since: lock.timestamp, what: "pulumi" };
}

function waiter(stack: string, until: number, { onWait }: Waiting): (holder: Holder) => Promise<void> {
  let told = "";
  return async (holder) => {
    if (Date.now() >= until) throw locked(stack, holder);
    const key = `${holder.host}/${holder.pid}/${holder.since}`;
    if (told !== key) onWait(holder);
    told = key;
    await sleep(Math.max(1, Math.min(POLL_MS, until - Date.now())));
  };
}

function locked(stack: string, holder: Holder): UserError {
  const elsewhere = holder.host !== hostname();
  return new UserError("STACK_LOCKED", `stack ${stack} is locked by ${describeHolder(holder)}`, {
    value: `pid ${holder.pid}`,
    next: elsewhere
      ? `wait for it; if nothing runs on ${holder.host} any more: pulumi cancel --stack ${stack}`
      : "wait for it with --lock-timeout 10m, or end it with: kill -INT " + holder.pid,
  });
}

export function describeHolder({ pid, host, since, what }: Holder): string {
  return `pid ${pid}${host === hostname() ? "" : ` on ${host}`} (${what}) since ${since}`;
}

function ofRecord({ holder, since, note }: LockRecord): Holder {
  return { pid: holder.pid, host: holder.host, since, what: typeof note.what === "string" ? note.what : "toolwharf" };
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
