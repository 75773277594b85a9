import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { createProxyServer } from "httpxy";
import { dial, DialedAgent } from "./dial.ts";
import { PAGES, showOn } from "./pages.ts";
import type { Route } from "./route.ts";

/** Hands a WebSocket's opening request on to a replica and, when that agrees, couples the two connections until one of them ends. */
export function createUpgrader(): (route: Route, request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void> {
  const proxy = createProxyServer({});
  return async (route, request, socket, head) => {
    const lease = await route.lease(new Set());
    if (!lease) return showOn(socket, PAGES.noReplica);
    socket.once("close", () => lease.done());
    if (socket.destroyed) return lease.done();
    const upstream = await dial(lease.port).catch(() => undefined);
    if (!upstream) return showOn(socket, PAGES.refused);
    // A side that breaks off ends no stream, so the coupling alone would leave the other one open.
    socket.once("close", () => upstream.destroy());
    upstream.once("close", () => socket.destroy());
    lease.upgraded();
    // httpxy asks for a net.Socket; a TLS connection is a Duplex with the same methods.
    await proxy.ws(request, socket as never, { target: `http://127.0.0.1:${lease.port}`, agent: new DialedAgent(upstream) }, head).catch(() => socket.destroy());
  };
}
