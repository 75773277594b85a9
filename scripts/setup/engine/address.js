import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { SetupError } from "../setup-error.js";

/**
 * How Node's `http.request` reaches the Docker engine.
 *
 * @typedef {{ socketPath: string }
 *   | { protocol: "http:" | "https:", host: string, port: number, ca?: string, cert?: string, key?: string }} EngineAddress
 */

export const DEFAULT_SOCKET = "/var/run/docker.sock";

/**
 * `DOCKER_HOST`, else the usual socket, else Docker Desktop's.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {EngineAddress}
 */
export function engineAddress(env = process.env) {
  const host = env["DOCKER_HOST"];
  if (host) return addressOf(host, env);
  const desktop = [join(homedir(), ".docker/run/docker.sock"), join(homedir(), ".docker/desktop/docker.sock")];
  return { socketPath: [DEFAULT_SOCKET, ...desktop].find((file) => existsSync(file)) ?? DEFAULT_SOCKET };
}

/**
 * @param {string} host
 * @param {NodeJS.ProcessEnv} env
 * @returns {EngineAddress}
 */
function addressOf(host, env) {
  if (host.startsWith("unix://")) return { socketPath: host.slice("unix://".length) };
  const url = host.startsWith("tcp://") ? new URL(host.replace(/^tcp:/, "http:")) : undefined;
  if (!url) {
    throw new SetupError("DOCKER_HOST_UNSUPPORTED", `DOCKER_HOST is ${host}; allowed are unix:// and tcp:// addresses of an engine on this machine. Unset it to use ${DEFAULT_SOCKET}.`);
  }
  const certificates = env["DOCKER_TLS_VERIFY"] ? env["DOCKER_CERT_PATH"] ?? join(homedir(), ".docker") : undefined;
  return {
    protocol: certificates ? "https:" : "http:",
    host: url.hostname,
    port: Number(url.port || (certificates ? 2376 : 2375)),
    ...(certificates && {
      ca: readFileSync(join(certificates, "ca.pem"), "utf8"),
      cert: readFileSync(join(certificates, "cert.pem"), "utf8"),
      key: readFileSync(join(certificates, "key.pem"), "utf8"),
    }),
  };
}
