import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

const MAX_BYTES = 5 * 1024 * 1024;

/** Appends lines with the time; `close` is for tests, since the daemon's log ends with its process. */
export interface DaemonLog {
  (line: string): void;
  close(): void;
}

/**
 * A log that never grows beyond twice `maxBytes`: a full one is kept as `<file>.1`, in place of the one before it.
 *
 * @param maxBytes default 5 MiB
 */
export function openDaemonLog(file: string, maxBytes = MAX_BYTES): DaemonLog {
  mkdirSync(dirname(file), { recursive: true });
  let descriptor = openSync(file, "a", 0o600);
  let size = fstatSync(descriptor).size;

  const rotate = () => {
    closeSync(descriptor);
    renameSync(file, `${file}.1`);
    descriptor = openSync(file, "a", 0o600);
    size = 0;
  };
  const log = (line: string) => {
    const text = `${new Date().toISOString()} ${line}\n`;
    if (size > 0 && size + Buffer.byteLength(text) > maxBytes) rotate();
    size += writeSync(descriptor, text);
  };
  return Object.assign(log, { close: () => closeSync(descriptor) });
}
