import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { NODE_VERSION, NPM_VERSION } from "../versions.js";

const SYSTEM_BUNDLES = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];
const EXTRA_BUNDLES = ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "PIP_CERT", "npm_config_cafile"];

/** Where Debian and its programs look for trusted certificates. */
export const IMAGE_BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

/** Python's and Node's package managers bring their own list of certificates: these make them use the system's. */
export const TRUST_ENVIRONMENT = ["SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"].map(
  (name) => `${name}=${IMAGE_BUNDLE}`,
);

/**
 * Every certificate authority this machine trusts, as PEM: behind a proxy that re-signs traffic, a build inside a
 * container must trust the proxy's authority too.
 *
 * @param {NodeJS.ProcessEnv} [env]
 */
export function hostTrust(env = process.env) {
  const extra = EXTRA_BUNDLES.map((name) => env[name]).filter((file) => file !== undefined && existsSync(file));
  const system = SYSTEM_BUNDLES.find((file) => existsSync(file));
  const blocks = [system, ...extra].flatMap((file) => certificatesIn(file ? readFileSync(file, "utf8") : ""));
  return [...new Set(blocks)].join("\n") + "\n";
}

/** @param {string} pem */
function certificatesIn(pem) {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

// Raised when the way the replacements are made changes, so that each machine makes them once more.
const MAKING = 1;

/**
 * Of everything that a replacement is made from, Debian's packages aside.
 *
 * @param {string} trust
 */
export function fingerprintOf(trust) {
  return createHash("sha256").update(JSON.stringify([MAKING, NODE_VERSION, NPM_VERSION, trust])).digest("hex").slice(0, 16);
}
