import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, openSync, closeSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { writeWhole } from "../write-whole.ts";
import { MiniatureError } from "../miniature-error.ts";
import { runsHere, signalIfHere, startOf, type ProcessIdentity } from "../processes.ts";
import { repositoriesFolder } from "./content.ts";
import { collectGarbage } from "./garbage.ts";

/** Debian's package `docker-registry` (distribution 2.8). */
export const REGISTRY_PROGRAM = "docker-registry";

/** Which process serves the folder, so that one without an owner can be ended. */
const RECORD = "process.json";

const RESTART_AFTER_MS = 500;
const START_LIMIT_MS = 15_000;
const STOP_LIMIT_MS = 5_000;
const STOP_POLL_MS = 50;

/** One `docker-registry serve`: an OCI registry without authentication, for the front alone, on a free loopback port. */
export interface StorageProcess {
  /** Port of the running process; waits while it is being started again, at most 15 s. */
  port(): Promise<number>;
  stop(): Promise<void>;
}

/** Where the process keeps what it stores. */
export const contentFolder = (folder: string): string => join(folder, "content");

/**
 * Collects the garbage, starts the process and, until `stop`, starts it again whenever it dies. A process that an earlier owner left
 * is ended first, so nothing writes while the garbage is collected.
 */
export async function startStorage(folder: string, log: (line: string) => void): Promise<StorageProcess> {
  mkdirSync(folder, { recursive: true });
  await endLeftProcess(folder);
  let child: ChildProcess | undefined;
  let stopped = false;
  let ready: Promise<number>;

  const config = join(folder, "config.yml");
  const configure = async (): Promise<number> => {
    const port = await freePort();
    writeWhole(config, configuration(folder, port), 0o600);
    return port;
  };
  const launch = async (): Promise<number> => {
    const port = await configure();
    const output = openSync(join(folder, "registry.log"), "a", 0o600);
    // Only PATH: the program takes any REGISTRY_* variable as configuration.
    const started = spawn(REGISTRY_PROGRAM, ["serve", config], { stdio: ["ignore", output, output], env: { PATH: process.env.PATH } });
    closeSync(output);
    child = started;
    const failure = new Promise<never>((_, reject) => {
      started.once("error", (error: NodeJS.ErrnoException) => reject(error.code === "ENOENT" ? programMissing() : error));
      started.once("exit", (code, signal) => {
        reject(new Error(`${REGISTRY_PROGRAM} ended with ${code ?? signal}; see ${join(folder, "registry.log")}`));
        if (!stopped) relaunch(code ?? signal);
      });
    });
    if (started.pid) remember(folder, started.pid);
    await Promise.race([answers(port), failure]).catch((error: unknown) => {
      // One that runs without answering is ended, and so started again.
      started.kill("SIGKILL");
      throw error;
    });
    return port;
  };
  const relaunch = (reason: unknown): void => {
    log(`registry storage in ${folder} ended (${reason}); starting it again`);
    ready = sleep(RESTART_AFTER_MS).then(() => (stopped ? Promise.reject(new Error("the registry is stopped")) : launch()));
    ready.catch(() => undefined);
  };

  await configure();
  await collectGarbage(REGISTRY_PROGRAM, config, repositoriesFolder(contentFolder(folder)), log);
  ready = launch();
  await ready.catch(async (error: unknown) => {
    stopped = true;
    await end(child);
    throw error;
  });
  return {
    port: () => ready,
    async stop() {
      stopped = true;
      await end(child);
      rmSync(join(folder, RECORD), { force: true });
    },
  };
}

/** Ends the storage process that a killed daemon left behind in this folder, if there is one. */
export async function endLeftProcess(folder: string): Promise<void> {
  const file = join(folder, RECORD);
  const left = recorded(file);
  if (!left) return;
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    for (let waited = 0; runsHere(left) && waited < STOP_LIMIT_MS; waited += STOP_POLL_MS) {
      if (waited === 0) signalIfHere(left, signal);
      await sleep(STOP_POLL_MS);
    }
  }
  rmSync(file, { force: true });
}

function remember(folder: string, pid: number): void {
  const identity: ProcessIdentity = { pid, host: hostname(), startedAs: startOf(pid) ?? "" };
  writeWhole(join(folder, RECORD), JSON.stringify(identity), 0o600);
}

function recorded(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

const configuration = (folder: string, port: number): string =>
  stringify({
    version: 0.1,
    log: { level: "error", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: contentFolder(folder) }, delete: { enabled: true } },
    // Relative addresses, so that what it answers is right behind any front.
    http: { addr: `127.0.0.1:${port}`, relativeurls: true, secret: randomBytes(16).toString("hex") },
    health: { storagedriver: { enabled: false } },
  });

const programMissing = (): MiniatureError =>
  new MiniatureError("REGISTRY_PROGRAM_MISSING", `the program ${REGISTRY_PROGRAM}, which stores the images of the local registry, is not on PATH`, {
    value: process.env.PATH ?? "",
    next: "apt-get install -y docker-registry",
  });

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function answers(port: number): Promise<void> {
  for (const end = Date.now() + START_LIMIT_MS; Date.now() < end; await sleep(20)) {
    const status = await new Promise<number>((resolve) => {
      const asked = request({ host: "127.0.0.1", port, path: "/v2/", agent: false, timeout: 1000 }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      asked.once("error", () => resolve(0));
      asked.once("timeout", () => asked.destroy());
      asked.end();
    });
    if (status === 200) return;
  }
  throw new Error(`${REGISTRY_PROGRAM} did not answer on port ${port} within ${START_LIMIT_MS / 1000} s`);
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
  await gone;
  clearTimeout(timer);
}
