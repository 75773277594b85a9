import { engineRequest, streamedError } from "../engine/request.js";
import { BASE_IMAGES } from "./names.js";

const SILENCE_MS = 30_000;

/**
 * Pulls the official base images.
 *
 * @param {import("../engine/address.js").EngineAddress} address
 * @param {import("../progress.js").Step} step
 * @returns {Promise<string | undefined>} why it did not work, or undefined
 */
export async function pullBaseImages(address, step) {
  for (const { official } of BASE_IMAGES) {
    step.begin(`pulling ${official}`);
    const reason = await pull(address, official, step);
    step.stop();
    if (reason) return `${official}: ${reason}`;
  }
  step.end("base images are ready");
  return undefined;
}

/**
 * @param {import("../engine/address.js").EngineAddress} address
 * @param {string} name
 * @param {import("../progress.js").Step} step
 * @returns {Promise<string | undefined>}
 */
async function pull(address, name, step) {
  const [image = "", tag = ""] = name.split(":");
  const query = new URLSearchParams({ fromImage: image, tag, platform: "linux/amd64" });
  const layers = layerCounter((text) => step.at(text));
  try {
    const answer = await engineRequest(address, { method: "POST", path: `/images/create?${query}`, timeoutMs: SILENCE_MS, onText: layers });
    return streamedError(answer);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * @param {(text: string) => void} show
 * @returns {(text: string) => void} takes the engine's JSON lines
 */
export function layerCounter(show) {
  const seen = new Set();
  const done = new Set();
  let rest = "";
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.filter((candidate) => candidate.trim() !== "")) {
      const { id, status } = JSON.parse(line);
      if (status === "Pulling fs layer" || status === "Already exists") seen.add(id);
      if (status === "Pull complete" || status === "Already exists") done.add(id);
    }
    if (seen.size > 0) show(`${done.size} of ${seen.size} layers`);
  };
}
