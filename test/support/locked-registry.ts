import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import type { AddressInfo } from "node:net";

/** The only login that the registry takes. */
export const LOGIN = { username: "pusher", password: "correct horse" };
const HTPASSWD = "pusher:$2b$04$qgkH4ZFh0Ne1B0iDXEqss.mISgtUwwwLSgzwCDcDg5l7jvbvLXv6m\n";

export interface LockedRegistry {
  /** `localhost:<port>` */
  host: string;
  /** Asks as the one who may; `path` begins with `/v2/`. */
  fetch(path: string, headers?: Record<string, string>): Promise<Response>;
  stop(): Promise<void>;
}

/** Debian's `docker-registry` with a password, plain HTTP on a loopback port, its content in a folder that goes with it. */
export async function startLockedRegistry(): Promise<LockedRegistry> {
  const folder = mkdtempSync(join(tmpdir(), "toolwharf-registry-"));
  const port = await freePort();
  writeFileSync(join(folder, "htpasswd"), HTPASSWD);
  writeFileSync(
    join(folder, "config.yml"),
    stringify({
      version: 0.1,
      log: { level: "error" },
      storage: { filesystem: { rootdirectory: join(folder, "data") } },
      auth: { htpasswd: { realm: "test", path: join(folder, "htpasswd") } },
      http: { addr: `127.0.0.1:${port}` },
    }),
  );
  const child = spawn("docker-registry", ["serve", join(folder, "config.yml")], { stdio: "ignore" });
  const host = `localhost:${port}`;
  const authorization = `Basic ${Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString("base64")}`;
  const ask = (path: string, headers: Record<string, string> = {}) => fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization, ...headers } });
  for (let left = 100; ; left -= 1) {
    const answered = await ask("/v2/").catch(() => undefined);
    if (answered?.ok === true) break;
    if (left === 0) throw new Error("docker-registry did not start within 10 s");
    await sleep(100);
  }
  return {
    host,
    fetch: ask,
    stop: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
