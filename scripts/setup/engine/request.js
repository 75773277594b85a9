import http from "node:http";
import https from "node:https";

/** An answer of the engine that is not a success; `message` is the engine's own. */
export class EngineError extends Error {
  /**
   * @param {string} message
   * @param {number} [status] HTTP status; absent when the engine could not be reached
   * @param {string} [code] of the connection, such as ECONNREFUSED
   */
  constructor(message, status, code) {
    super(message);
    this.name = "EngineError";
    this.status = status;
    this.code = code;
  }
}

/**
 * One request to the Docker engine, with built-ins only: the set-up runs before there are any packages.
 *
 * @param {import("./address.js").EngineAddress} address
 * @param {{
 *   method?: string,
 *   path: string,
 *   body?: import("node:stream").Readable,
 *   timeoutMs?: number,
 *   onText?: (text: string) => void,
 *   signal?: AbortSignal,
 * }} options `timeoutMs` is of silence on the connection (default 10 s); `onText` gets the answer as it comes
 * @returns {Promise<string>} the answer's body
 */
export function engineRequest(address, { method = "GET", path, body, timeoutMs = 10_000, onText, signal }) {
  return new Promise((resolve, reject) => {
    const { request } = "protocol" in address && address.protocol === "https:" ? https : http;
    const headers = body ? { "content-type": "application/x-tar" } : {};
    const outgoing = request({ ...address, method, path, headers, signal }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part) => {
        text += part;
        onText?.(part);
      });
      answer.on("error", reject);
      answer.on("end", () => {
        const status = answer.statusCode ?? 0;
        if (status < 400) resolve(text);
        else reject(new EngineError(messageOf(text), status));
      });
    });
    outgoing.setTimeout(timeoutMs, () => outgoing.destroy(new EngineError(`no answer within ${timeoutMs / 1000} s`)));
    outgoing.on("error", (/** @type {NodeJS.ErrnoException} */ error) =>
      reject(error instanceof EngineError ? error : new EngineError(error.message, undefined, error.code)),
    );
    if (body) body.on("error", (error) => outgoing.destroy(error)).pipe(outgoing);
    else outgoing.end();
  });
}

/** @param {string} text */
function messageOf(text) {
  try {
    return String(JSON.parse(text).message ?? text);
  } catch {
    return text.trim();
  }
}

/**
 * The engine reports a failure of a long request in its last lines, with status 200.
 *
 * @param {string} text JSON lines
 * @returns {string | undefined} the error, if there is one
 */
export function streamedError(text) {
  const line = text.split("\n").find((candidate) => candidate.includes('"error"'));
  if (!line) return undefined;
  try {
    return String(JSON.parse(line).error);
  } catch {
    return line;
  }
}
