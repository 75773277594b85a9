import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../write-whole.ts";

/** Of what all containers of a replica wrote, the last part is kept. */
const KEPT_BYTES = 1024 * 1024;

/** What revisions and replicas are called; names come from requests and become paths. */
export const LOG_NAME = /^[a-z0-9-]+$/;

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
  const revisionFolder = (appId: string, revision: string) => join(appFolder(appId), safe(revision));
  const file = (appId: string, revision: string, replica: string) => join(revisionFolder(appId, revision), `${safe(replica)}.log`);
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
      mkdirSync(revisionFolder(appId, revision), { recursive: true, mode: 0o700 });
      const whole = Buffer.concat([read(path), Buffer.from(text.endsWith("\n") ? text : `${text}\n`)]);
      writeWhole(path, afterLineBreak(whole.subarray(-KEPT_BYTES), whole.length > KEPT_BYTES), 0o600);
    },
    read: (appId, revision, replica) => read(file(appId, revision, replica)).toString("utf8"),
    removeRevision: (appId, revision) => rmSync(revisionFolder(appId, revision), { recursive: true, force: true }),
    removeApp: (appId) => rmSync(appFolder(appId), { recursive: true, force: true }),
  };
}

function safe(name: string): string {
  if (LOG_NAME.test(name)) return name;
  throw new Error(`${JSON.stringify(name)} is no name of a revision or replica; allowed are a-z, 0-9 and hyphens`);
}

const afterLineBreak = (bytes: Buffer, cut: boolean): string => (cut ? bytes.subarray(bytes.indexOf(10) + 1) : bytes).toString("utf8");

/** The last lines of a text; a line break at its end begins no further line. */
export const lastLines = (text: string, count: number): string => {
  const lines = text.replace(/\n$/, "").split("\n");
  return text === "" ? "" : `${lines.slice(-count).join("\n")}\n`;
};
