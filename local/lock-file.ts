import { linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
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

/**
 * Takes `file` as a lock, also from a holder that is dead.
 *
 * @returns the lock, or the record of the living holder
 */
export function acquireLock(file: string, note: Record<string, unknown> = {}): { lock: Lock } | { heldBy: LockRecord } {
  mkdirSync(dirname(file), { recursive: true });
  const record: LockRecord = { holder: ownProcess(), since: new Date().toISOString(), note };
  let takenOverFrom: LockRecord | undefined;
  for (;;) {
    if (create(file, record)) return { lock: { ...(takenOverFrom && { takenOverFrom }), ...endings(file, record) } };
    const text = readText(file);
    if (text === undefined) continue;
    const found = parse(text);
    if (found && !found.abandoned && isAlive(found.holder)) return { heldBy: found };
    if (removeIfStill(file, text)) takenOverFrom = found ?? record;
  }
}

/** `undefined` if nobody alive holds it. */
export function holderOf(file: string): LockRecord | undefined {
  const text = readText(file);
  const found = text === undefined ? undefined : parse(text);
  return found && !found.abandoned && isAlive(found.holder) ? found : undefined;
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
  } catch {
    return false;
  }
  const same = readText(aside) === text;
  if (!same) {
    try {
      linkSync(aside, file);
    } catch {
      // A third one has the lock by now; the one moved aside belongs to a process that will find that out.
    }
  }
  unlinkSync(aside);
  return same;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
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
