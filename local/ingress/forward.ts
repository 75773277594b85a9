import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createProxyServer, type ProxyServer } from "httpxy";
import { dial, DialedAgent } from "./dial.ts";
import { PAGES, show, type Page } from "./pages.ts";
import type { Lease, Route } from "./route.ts";

/** Tries of one request, each at another replica where there is one. */
const TRIES = 3;
const BETWEEN_TRIES_MS = 50;

/** Methods that a server may be asked a second time when the first answer never came (RFC 9110, 9.2.1: safe). */
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

export function createForwarder(idleLimitMs: number): (route: Route, request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const proxy = createProxyServer({});
  // The connection to the replica ends with the request; the client's goes on.
  proxy.on("proxyRes", (answer) => {
    delete answer.headers.connection;
    delete answer.headers["keep-alive"];
  });

  return async (route, request, response) => {
    const tried = new Set<object>();
    let failure: Page = PAGES.noReplica;
    for (let left = TRIES; left > 0; left -= 1) {
      const lease = await route.lease(tried);
      if (!lease || response.destroyed) return settle(response, lease, failure);
      const outcome = await attempt(proxy, lease, request, response, idleLimitMs);
      if (outcome === "answered") return;
      failure = outcome.page;
      if (!outcome.again) return settle(response, lease, failure);
      if (tried.has(lease.replica)) await sleep(BETWEEN_TRIES_MS);
      tried.add(lease.replica);
    }
    settle(response, undefined, failure);
  };
}

async function attempt(proxy: ProxyServer, lease: Lease, request: IncomingMessage, response: ServerResponse, idleLimitMs: number): Promise<"answered" | { page: Page; again: boolean }> {
  try {
    const socket = await dial(lease.port).catch(() => undefined);
    if (!socket) return { page: PAGES.refused, again: true };
    const began = performance.now();
    try {
      await proxy.web(request, response, { target: `http://127.0.0.1:${lease.port}`, agent: new DialedAgent(socket), proxyTimeout: idleLimitMs });
      return "answered";
    } catch (error) {
      const late = performance.now() - began >= idleLimitMs;
      const page = late ? PAGES.late : String((error as NodeJS.ErrnoException).code).startsWith("HPE_") ? PAGES.nonsense : PAGES.broken;
      return { page, again: page === PAGES.broken && !response.headersSent && SAFE.has(request.method ?? "") && !hasBody(request) };
    } finally {
      socket.destroy();
    }
  } finally {
    lease.done();
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean => headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

/** Ends what no replica has answered: with a page, or, when an answer had begun, by breaking it off so that the client notices. */
function settle(response: ServerResponse, lease: Lease | undefined, page: Page): void {
  lease?.done();
  if (response.headersSent) response.destroy();
  else if (!response.destroyed) show(response, page);
}
