import { linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { MiniatureError } from "./miniature-error.ts";
import { isAlive, ownProcess, type ProcessIdentity } from "./processes.ts";

/** What a lock file says: who holds it since when, and whatever the holder wants to be known. */
export interface LockRecord {
  holder: ProcessIdentity;
  /** ISO 8601. */
  since: string;
  /** Set by a holder that goes on living but did not end what the lock stood for. */
  abandoned?: true;
  note: Record<string, unknown>;
}

export interface Lock {
  /** The record of a dead holder that this lock was taken over from: what it did has not come to its end. */
  takenOverFrom?: LockRecord;
  release(): void;
  /** Leaves the file behind, so that whoever takes the lock next knows that something was not brought to its end. */
  abandon(): void;
}

/** Whether the holder lives: `isAlive` where other machines may hold the lock too, `runsHere` where none can. */
type Judge = (holder: ProcessIdentity) => boolean;

/**
 * Takes `file` as a lock, also from a holder that is dead.
 *
 * @returns the lock, or the record of the living holder
 * @throws MiniatureError `LOCK_UNREADABLE`
 */
export function acquireLock(file: string, note: Record<string, unknown> = {}, lives: Judge = isAlive): { lock: Lock } | { heldBy: LockRecord } {
  mkdirSync(dirname(file), { recursive: true });
  const record: LockRecord = { holder: ownProcess(), since: new Date().toISOString(), note };
  let takenOverFrom: LockRecord | undefined;
  for (;;) {
    if (create(file, record)) return { lock: { ...(takenOverFrom && { takenOverFrom }), ...endings(file, record) } };
    const text = readText(file);
    if (text === undefined) continue;
    const found = parse(text);
    if (found && !found.abandoned && lives(found.holder)) return { heldBy: found };
    if (removeIfStill(file, text)) takenOverFrom = found ?? record;
  }
}

/**
 * @returns `undefined` if nobody alive holds it
 * @throws MiniatureError `LOCK_UNREADABLE`
 */
export function holderOf(file: string, lives: Judge = isAlive): LockRecord | undefined {
  const text = readText(file);
  const found = text === undefined ? undefined : parse(text);
  return found && !found.abandoned && lives(found.holder) ? found : undefined;
}

/**
 * Removes the file unless somebody alive holds it, also somebody who took it a moment ago.
 *
 * @returns whether there is no lock any more
 */
export function removeUnheld(file: string, lives: Judge): boolean {
  const text = readText(file);
  if (text === undefined) return true;
  const found = parse(text);
  if (found && !found.abandoned && lives(found.holder)) return false;
  return removeIfStill(file, text);
}

function endings(file: string, record: LockRecord): Pick<Lock, "release" | "abandon"> {
  const mine = JSON.stringify(record);
  return {
    release() {
      if (readText(file) === mine) unlinkSync(file);
    },
    abandon() {
      if (readText(file) === mine) writeFileSync(file, JSON.stringify({ ...record, abandoned: true }));
    },
  };
}

/** A link is made whole or not at all, so nobody ever reads half a record. */
function create(file: string, record: LockRecord): boolean {
  const draft = `${file}.${record.holder.pid}`;
  writeFileSync(draft, JSON.stringify(record), { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

/**
 * Two who find the same dead holder must not both remove the file, or the slower one removes the quicker one's new lock:
 * the file is moved aside first, looked at again, and put back if it is no longer the one that was judged.
 */
function removeIfStill(file: string, text: string): boolean {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
  const same = readText(aside) === text;
  if (!same) {
    try {
      linkSync(aside, file);
    } catch (error) {
      // A third one has taken the lock in between. The owner of the one moved aside goes on without a lock and is not
      // told; all that is sure is that its release leaves the third one's file alone.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  unlinkSync(aside);
  return same;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new MiniatureError("LOCK_UNREADABLE", `the lock ${file} cannot be read, so nobody knows whether somebody holds it: ${message}`, {
      value: file,
      next: `see whose it is with: ls -ld ${file}; run as that user, or remove it when nothing of that user runs`,
    });
  }
}

function parse(text: string): LockRecord | undefined {
  try {
    const record = JSON.parse(text) as LockRecord;
    return typeof record.holder.pid === "number" && typeof record.holder.host === "string" ? record : undefined;
  } catch {
    return undefined;
  }
}
