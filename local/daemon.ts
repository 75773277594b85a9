import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { composeMiniature, type Miniature } from "./compose.ts";
import type { Connection } from "./connection.ts";
import { openDaemonLog } from "./daemon-log.ts";
import { layoutOf, type Layout } from "./layout.ts";
import { acquireLock } from "./lock-file.ts";
import { runsHere } from "./processes.ts";
import { writeWhole } from "./write-whole.ts";

/** Of SIGTERM: what has not ended by then is left to the next start, which expects nothing of a clean end. */
const STOP_LIMIT_MS = 10_000;
const FAULT = 1;

const { values } = parseArgs({ options: { project: { type: "string" } } });
const project = resolve(values.project ?? ".");
if (!existsSync(join(project, "Pulumi.yaml"))) {
  console.error(`--project must name a folder with Pulumi.yaml; it was ${project}`);
  process.exit(FAULT);
}
const layout = layoutOf(project);
mkdirSync(layout.root, { recursive: true, mode: 0o700 });
const answer = acquireLock(layout.lockFile, { what: "miniature" }, runsHere);
if ("heldBy" in answer) {
  console.error(`the miniature of ${project} runs already, as pid ${answer.heldBy.holder.pid}`);
  process.exit(0);
}
const { lock } = answer;
const log = openDaemonLog(layout.logFile);
console.error = console.warn = console.log = (...words: unknown[]) => log(words.map(String).join(" "));

let miniature: Miniature | undefined;
let stopping = false;

/** Nothing that is still to be done needs a clean end: every step is on the disk before it is answered. */
function die(what: string, reason: unknown): never {
  log(`${what}: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`);
  rmSync(layout.connectionFile, { force: true });
  lock.release();
  process.exit(FAULT);
}
process.on("uncaughtException", (error) => die("a fault ends the miniature", error));
process.on("unhandledRejection", (reason) => die("a fault ends the miniature", reason));

async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log(`stopping (${signal})`);
  rmSync(layout.connectionFile, { force: true });
  setTimeout(() => die("stopping took too long", `${STOP_LIMIT_MS / 1000} s`), STOP_LIMIT_MS).unref();
  await miniature?.close();
  lock.release();
  log("stopped");
  process.exit(0);
}
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void stop(signal));

function writeConnection({ connectionFile }: Layout, connection: Connection): void {
  writeWhole(connectionFile, `${JSON.stringify(connection, null, 2)}\n`, 0o600);
}

log(`starting, pid ${process.pid}, Node ${process.versions.node}, instance ${layout.instance}`);
// Of a daemon that was killed: nobody may take it for this one's.
rmSync(layout.connectionFile, { force: true });
try {
  miniature = await composeMiniature(layout, log);
} catch (error) {
  die("the miniature cannot start", describeStart(error));
}
writeConnection(layout, { pid: process.pid, startedAt: new Date().toISOString(), ...miniature.connection });
log(`ready: ARM ${miniature.connection.armEndpoint}, ingress port ${miniature.connection.ingressPort}`);

/** What a person can mend is shown by its words alone; the starter repeats these lines on the terminal. */
function describeStart(error: unknown): unknown {
  const { code, next } = error as { code?: unknown; next?: unknown };
  if (!(error instanceof Error) || typeof code !== "string" || !/^[A-Z]+_[A-Z_]+$/.test(code)) return error;
  return [`${code}: ${error.message}`, ...(typeof next === "string" ? [next] : [])].join("; ");
}
