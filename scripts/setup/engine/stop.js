import { setTimeout as sleep } from "node:timers/promises";
import { asRoot } from "../privilege.js";
import { runCommand } from "../run-command.js";
import { engineAddress } from "./address.js";
import { readRecord, removeRecord } from "./record.js";
import { engineRequest } from "./request.js";

const STOP_LIMIT_MS = 30_000;

/**
 * Stops the engine that this checkout started; every other engine is left alone, and so is ours while containers run
 * in it, since they are somebody else's then (the miniature removes its own first).
 *
 * @param {string} folder `.toolwharf/engine`
 * @returns {Promise<"none" | "stopped" | { inUse: string[] }>} `inUse` names the running containers; the engine stays
 */
export async function stopStartedEngine(folder) {
  const record = readRecord(folder);
  if (!record) {
    removeRecord(folder);
    return "none";
  }
  const inUse = await runningContainers();
  if (inUse.length > 0) return { inUse };
  await runCommand(...asRoot("kill", ["-TERM", String(record.pid)]));
  const deadline = Date.now() + STOP_LIMIT_MS;
  while (readRecord(folder)) {
    if (Date.now() > deadline) throw new Error(`the Docker engine (process ${record.pid}) did not end within ${STOP_LIMIT_MS / 1000} s of SIGTERM; its log is ${record.log}`);
    await sleep(100);
  }
  removeRecord(folder);
  return "stopped";
}

async function runningContainers() {
  /** @type {{ Names: string[] }[]} */
  const containers = JSON.parse(await engineRequest(engineAddress(), { path: "/containers/json" }));
  return containers.map(({ Names: [name = "?"] }) => name.replace(/^\//, ""));
}
