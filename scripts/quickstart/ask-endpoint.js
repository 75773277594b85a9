import { request } from "node:https";

/** Enough for an app that was scaled to zero to start again. */
const LIMIT_MS = 60_000;

/**
 * GET over HTTPS. Names under .localhost are this machine, which Node's own resolver does not know everywhere.
 *
 * @param {string} url
 * @param {string} ca PEM of the only authority that is trusted
 * @returns {Promise<{ good: boolean, said: string }>} `said` is the status, or why there was none
 */
export function askEndpoint(url, ca) {
  return new Promise((resolve) => {
    const outgoing = request(url, { ca, agent: false, timeout: LIMIT_MS, ...(new URL(url).hostname.endsWith(".localhost") && { lookup: loopback }) }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve({ good: answer.statusCode === 200, said: String(answer.statusCode) }));
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer within ${LIMIT_MS / 1000} s`)));
    outgoing.on("error", (error) => resolve({ good: false, said: error.message }));
    outgoing.end();
  });
}

/**
 * @param {string} _hostname
 * @param {import("node:dns").LookupOptions} options
 * @param {(...answer: any[]) => void} callback
 */
function loopback(_hostname, options, callback) {
  if (options.all) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
}
