import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/**
 * Who somebody is on this machine, so that it can be told later whether that very process still lives:
 * a process id alone is given to another process sooner or later.
 */
export interface ProcessIdentity {
  pid: number;
  host: string;
  /** The process's start as the system tells it: opaque, only ever compared. */
  startedAs: string;
}

const CLOCK_TICKS_PER_SECOND = 100;
const ROUNDING_MS = 2_000;

let ownIdentity: ProcessIdentity | undefined;

export function ownProcess(): ProcessIdentity {
  return (ownIdentity ??= { pid: process.pid, host: hostname(), startedAs: startOf(process.pid) ?? "" });
}

/** `undefined` if there is no such process, or only its remains (a zombie that nobody has waited for). */
export function startOf(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (process.platform !== "linux") return startByPs(pid);
  const fields = statFields(pid);
  return fields && `${bootId()}/${fields[19]}`;
}

/** A process on another host cannot be asked about, so it counts as alive. */
export function isAlive({ pid, host, startedAs }: ProcessIdentity): boolean {
  if (host !== hostname()) return true;
  const start = startOf(pid);
  return start !== undefined && (startedAs === "" || start === startedAs);
}

/**
 * For records of processes that are on this machine by nature: judged by boot and start alone, so that a new host name
 * kills nobody, and what another machine or boot recorded is dead. A record without a start proves nothing.
 */
export function runsHere({ pid, startedAs }: ProcessIdentity): boolean {
  return startedAs !== "" && startOf(pid) === startedAs;
}

/**
 * Signals the very process of the record, looked at right before.
 *
 * @returns false if it has ended, or its id is another's by now
 * @throws the system's error, EPERM for a process of another user
 */
export function signalIfHere(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!runsHere(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

/**
 * For records that hold a process id and the time of writing, but not the process's start (Pulumi's locks): a process
 * that began after the record was written is another one with a recycled id.
 */
export function couldHaveWritten(pid: number, writtenAt: Date): boolean {
  const startedAt = startTime(pid);
  return startedAt !== undefined && startedAt <= writtenAt.getTime() + ROUNDING_MS;
}

/** Milliseconds since the epoch. */
export function startTime(pid: number): number | undefined {
  const start = startOf(pid);
  if (start === undefined) return undefined;
  if (process.platform !== "linux") return Date.parse(start);
  const bootedAt = Number(/^btime (\d+)/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]);
  return (bootedAt + Number(start.split("/")[1]) / CLOCK_TICKS_PER_SECOND) * 1000;
}

/** Fields of `/proc/<pid>/stat` from the third on (state, ppid, ...): the second is a name that may hold anything. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields;
  } catch {
    return undefined;
  }
}

let knownBootId: string | undefined;

function bootId(): string {
  return (knownBootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim().slice(0, 8));
}

function startByPs(pid: number): string | undefined {
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim() || undefined;
  } catch {
    return undefined;
  }
}
