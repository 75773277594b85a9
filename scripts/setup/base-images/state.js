import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { EngineError, engineRequest } from "../engine/request.js";
import { BASE_IMAGES, FINGERPRINT_LABEL } from "./names.js";

/** @typedef {Record<string, string>} BaseImageMap official name to the one used instead; empty where the official ones are used */

/**
 * Which base images this machine's engine can build from.
 *
 * @param {import("../engine/address.js").EngineAddress} address
 * @param {string} fingerprint of the replacements that would be made now
 * @returns {Promise<BaseImageMap | undefined>} undefined when they must be pulled or made
 */
export async function presentBaseImages(address, fingerprint) {
  const [official, replacements] = await Promise.all([
    Promise.all(BASE_IMAGES.map((image) => labelsOf(address, image.official))),
    Promise.all(BASE_IMAGES.map((image) => labelsOf(address, image.replacement))),
  ]);
  if (official.every((labels) => labels)) return {};
  return replacements.every((labels) => labels?.[FINGERPRINT_LABEL] === fingerprint) ? replacementMap() : undefined;
}

/** @returns {BaseImageMap} */
export function replacementMap() {
  return Object.fromEntries(BASE_IMAGES.map(({ official, replacement }) => [official, replacement]));
}

/**
 * Read by the program's settings as `toolwharf:baseImages`.
 *
 * @param {string} file `.toolwharf/base-images.json`
 * @param {BaseImageMap} map
 */
export function writeBaseImages(file, map) {
  const text = `${JSON.stringify(map, undefined, 2)}\n`;
  if (read(file) === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * @param {import("../engine/address.js").EngineAddress} address
 * @param {string} name
 * @returns {Promise<Record<string, string> | undefined>} undefined when the engine has no such image
 */
async function labelsOf(address, name) {
  try {
    const image = JSON.parse(await engineRequest(address, { path: `/images/${name}/json` }));
    return image.Config?.Labels ?? {};
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return undefined;
    throw error;
  }
}
