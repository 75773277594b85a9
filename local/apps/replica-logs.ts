import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../certificates/write-whole.ts";

/** Of what all containers of a replica wrote, the last part is kept. */
const KEPT_BYTES = 1024 * 1024;

/** Keeps the logs of containers that are gone: `<folder>/<hash of the app's id>/<revision>/<replica>.log`. */
export interface ReplicaLogs {
  append(appId: string, revision: string, replica: string, text: string): void;
  read(appId: string, revision: string, replica: string): string;
  removeRevision(appId: string, revision: string): void;
  removeApp(appId: string): void;
}

export function replicaLogs(folder: string): ReplicaLogs {
  // Two apps of one name, in two resource groups, must not meet.
  const appFolder = (appId: string) => join(folder, createHash("sha256").update(appId.toLowerCase()).digest("hex").slice(0, 12));
  const file = (appId: string, revision: string, replica: string) => join(appFolder(appId), revision, `${replica}.log`);
  const read = (path: string): Buffer => {
    try {
      return readFileSync(path);
    } catch {
      return Buffer.alloc(0);
    }
  };
  return {
    append(appId, revision, replica, text) {
      if (!text) return;
      const path = file(appId, revision, replica);
      mkdirSync(join(appFolder(appId), revision), { recursive: true, mode: 0o700 });
      const whole = Buffer.concat([read(path), Buffer.from(text.endsWith("\n") ? text : `${text}\n`)]);
      writeWhole(path, afterLineBreak(whole.subarray(-KEPT_BYTES), whole.length > KEPT_BYTES), 0o600);
    },
    read: (appId, revision, replica) => read(file(appId, revision, replica)).toString("utf8"),
    removeRevision: (appId, revision) => rmSync(join(appFolder(appId), revision), { recursive: true, force: true }),
    removeApp: (appId) => rmSync(appFolder(appId), { recursive: true, force: true }),
  };
}

const afterLineBreak = (bytes: Buffer, cut: boolean): string => (cut ? bytes.subarray(bytes.indexOf(10) + 1) : bytes).toString("utf8");

/** The last lines of a text; a line break at its end begins no further line. */
export const lastLines = (text: string, count: number): string => {
  const lines = text.replace(/\n$/, "").split("\n");
  return text === "" ? "" : `${lines.slice(-count).join("\n")}\n`;
};
