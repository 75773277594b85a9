import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";
import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { createSecureContext } from "node:tls";

export interface HttpOptions {
  method?: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  headers?: Record<string, string>;
  body?: string;
  /** Milliseconds for the whole exchange, connecting included; default 10 000. */
  timeoutMs?: number;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** The first MiB, as UTF-8. */
  text: string;
}

/** HTTPS with kept connections. Fails with the system's error (its `code` tells DNS from refusal from time-out). */
export interface Http {
  send: (url: string, options?: HttpOptions) => Promise<HttpAnswer>;
}

/** No reply within the time that was given. */
export class HttpTimeout extends Error {
  override name = "HttpTimeout";
  readonly code = "ETIMEDOUT";
}

const MAX_TEXT = 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * @param caFile PEM file of the authorities to trust; default: the system's
 * @param env HTTPS_PROXY and NO_PROXY are honoured from Node 24.5 on; before, no proxy is used
 */
export function createHttp(caFile?: string, env: NodeJS.ProcessEnv = process.env): Http {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 16,
    // Made once: parsing authorities for each connection would cost more than the requests.
    secureContext: caFile === undefined ? undefined : createSecureContext({ ca: readFileSync(caFile) }),
    lookup: lookupWithLocalhost,
    proxyEnv: proxiesOf(env),
  });
  return { send: (url, options = {}) => exchange(agent, url, options) };
}

/** This machine is never asked by way of a proxy. */
function proxiesOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv | undefined {
  if (!env.https_proxy && !env.HTTPS_PROXY) return undefined;
  const without = [env.no_proxy ?? env.NO_PROXY, "localhost", ".localhost", "127.0.0.1", "::1"].filter(Boolean).join(",");
  return { ...env, no_proxy: without, NO_PROXY: without };
}

/** `localhost` and every name below it (RFC 6761), and the loopback addresses, as a URL writes them. */
export const isThisMachine = (hostname: string): boolean => /(^|\.)localhost$|^127(\.\d+){3}$|^\[::1\]$/.test(hostname);

/** Node asks the system's resolver, which may not know the names of this machine. */
const lookupWithLocalhost: LookupFunction = (hostname, options, callback) => {
  if (!isThisMachine(hostname)) return systemLookup(hostname, options, callback);
  const addresses = [{ address: "127.0.0.1", family: 4 }];
  if (options.all) callback(null, addresses);
  else callback(null, addresses[0]!.address, 4);
};

function exchange(agent: Agent, url: string, { method = "GET", headers = {}, body, timeoutMs = DEFAULT_TIMEOUT_MS }: HttpOptions): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const length: Record<string, string> = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const outgoing = request(url, { agent, method, headers: { ...headers, ...length } });
    const timer = setTimeout(() => {
      outgoing.destroy(new HttpTimeout(`${method} ${withoutQuery(url)} was not answered within ${timeoutMs} ms`));
    }, timeoutMs);
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      finish();
    };
    outgoing.on("error", (error) => settle(() => reject(error)));
    outgoing.on("response", (incoming) => {
      const parts: Buffer[] = [];
      let size = 0;
      incoming.on("data", (part: Buffer) => {
        if (size < MAX_TEXT) parts.push(part);
        size += part.length;
      });
      incoming.on("error", (error) => settle(() => reject(error)));
      incoming.on("end", () => {
        const text = Buffer.concat(parts).subarray(0, MAX_TEXT).toString("utf8");
        settle(() => resolve({ status: incoming.statusCode!, headers: incoming.headers, text }));
      });
    });
    outgoing.end(body);
  });
}

/** Queries can carry signatures, and messages are printed. */
function withoutQuery(url: string): string {
  return url.split("?", 1)[0]!;
}
