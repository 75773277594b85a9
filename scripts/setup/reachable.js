import http from "node:http";
import https from "node:https";
import { rootCertificates } from "node:tls";
import { hostTrust } from "./base-images/host-trust.js";

const LIMIT_MS = 5_000;

/**
 * Whether anything answers at an HTTPS address, known within 5 s; any status will do: Docker Hub answers 401 to those who
 * have not logged in. With Node alone, since a fresh machine may lack curl, and through the proxy of this machine's
 * `HTTPS_PROXY`, trusting what this machine trusts.
 *
 * @param {string} url
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function isReachable(url, env = process.env) {
  const signal = AbortSignal.timeout(LIMIT_MS);
  const proxy = proxyFor(new URL(url), env);
  try {
    const socket = proxy && (await tunnel(proxy, new URL(url), signal));
    const ca = [...rootCertificates, hostTrust(env)];
    await answer(https.request(url, { ca, signal, ...(socket && { socket, agent: false }) }), "response");
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {URL} url
 * @param {NodeJS.ProcessEnv} env
 */
function proxyFor({ hostname }, env) {
  const without = (env["no_proxy"] ?? env["NO_PROXY"] ?? "").split(",").map((name) => name.trim().replace(/^\*?\.?/, ""));
  if (env["no_proxy"] === "*" || env["NO_PROXY"] === "*") return undefined;
  if (without.some((name) => name !== "" && (hostname === name || hostname.endsWith(`.${name}`)))) return undefined;
  const proxy = env["https_proxy"] || env["HTTPS_PROXY"] || env["all_proxy"] || env["ALL_PROXY"];
  return proxy ? new URL(proxy.includes("://") ? proxy : `http://${proxy}`) : undefined;
}

/**
 * @param {URL} proxy
 * @param {URL} target
 * @param {AbortSignal} signal
 */
async function tunnel(proxy, target, signal) {
  const { request } = proxy.protocol === "https:" ? https : http;
  const path = `${target.hostname}:${target.port || 443}`;
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const headers = { host: path, ...(proxy.username && { "proxy-authorization": `Basic ${Buffer.from(login).toString("base64")}` }) };
  const { hostname: host, port } = proxy;
  const { statusCode, socket } = await answer(request({ host, port: port || (proxy.protocol === "https:" ? 443 : 80), method: "CONNECT", path, headers, signal, agent: false }), "connect");
  if (statusCode === 200) return socket;
  socket.destroy();
  throw new Error(`the proxy answered ${statusCode}`);
}

/**
 * @param {http.ClientRequest} asked
 * @param {"response" | "connect"} event
 * @returns {Promise<http.IncomingMessage>}
 */
function answer(asked, event) {
  return new Promise((resolve, reject) => {
    asked.once("error", reject);
    asked.once(event, (/** @type {http.IncomingMessage} */ response) => {
      if (event === "response") asked.on("error", () => undefined).destroy();
      resolve(response);
    });
    asked.end();
  });
}
