import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processOf } from "./process-identity.js";

/**
 * The engine that this checkout started, in `.toolwharf/engine/engine.json`.
 *
 * @typedef {{ pid: number, startTime: string, log: string }} EngineRecord
 */

/** @param {string} folder `.toolwharf/engine` */
function recordFile(folder) {
  return join(folder, "engine.json");
}

/**
 * @param {string} folder
 * @param {EngineRecord} record
 */
export function writeRecord(folder, record) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(recordFile(folder), `${JSON.stringify(record)}\n`);
}

/** @param {string} folder */
export function removeRecord(folder) {
  rmSync(recordFile(folder), { force: true });
}

/**
 * @param {string} folder
 * @returns {EngineRecord | undefined} only while that very process runs
 */
export function readRecord(folder) {
  try {
    const record = JSON.parse(readFileSync(recordFile(folder), "utf8"));
    return processOf(record.pid)?.startTime === record.startTime ? record : undefined;
  } catch {
    return undefined;
  }
}
