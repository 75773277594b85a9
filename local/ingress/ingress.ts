import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { Duplex } from "node:stream";
import type { SecureContext } from "node:tls";
import type { Certificates } from "../certificates.ts";
import { DOMAIN_SUFFIX } from "../environments/default-domain.ts";
import type { Inside } from "../environments/gateway/doors.ts";
import { closeServer, listenOnLoopback } from "../loopback-server.ts";
import { mayCome } from "./address-rules.ts";
import { createForwarder } from "./forward.ts";
import { insideConnections, type Client } from "./inside-connections.ts";
import { PAGES, show, showOn, type Page } from "./pages.ts";
import { NO_ROUTE, type Route, type Routes } from "./route.ts";
import { secureContexts } from "./server-names.ts";
import { createUpgrader } from "./upgrade.ts";

export interface Ingress extends Inside {
  /** Of HTTPS. */
  port: number;
  /** Takes no more connections, lets open requests end (at most 2 s), then breaks them off. */
  close(): Promise<void>;
}

/** Azure docs, "Ingress": after 240 s without a byte a request ends. */
const IDLE_LIMIT_MS = 240_000;
const CLOSING_LIMIT_MS = 2_000;

/**
 * Serves the HTTPS addresses of all apps and environments on one port of 127.0.0.1, by the host name, and HTTP on another, which leads to HTTPS
 * except for apps with `allowInsecure`.
 *
 * @param options.port 0 for any free one; so is `httpPort`
 */
export async function serveIngress(options: { certificates: Certificates; port: number; httpPort: number; apps: Routes; idleLimitMs?: number }): Promise<Ingress> {
  const { apps } = options;
  const forward = createForwarder(options.idleLimitMs ?? IDLE_LIMIT_MS);
  const upgrade = createUpgrader();
  const contextFor = secureContexts(options.certificates);

  const clientOf = ({ socket }: IncomingMessage): Client => inside.clientOf(socket) ?? { address: (socket.remoteAddress ?? "").replace(/^::ffff:/, "") };

  /** The route, or why there is none for this client. */
  const find = (request: IncomingMessage): Route | Page => {
    const { address, environmentId } = clientOf(request);
    const route = apps.routeOf({ host: hostOf(request), url: request.url ?? "/", environmentId });
    if (route === NO_ROUTE) return PAGES.noRoute;
    if (!route?.external || !route.active) return PAGES.unknown;
    return mayCome(address, route.addressRules) ? route : PAGES.forbidden;
  };
  /** Inside, to the full name, which alone a certificate can have. */
  const httpsAddress = (request: IncomingMessage, route: Route): string => {
    const { environmentId } = clientOf(request);
    const authority = environmentId !== undefined ? route.hostName : `${hostOf(request)}${port === 443 ? "" : `:${port}`}`;
    return `https://${authority}${request.url ?? "/"}`;
  };
  const answer = (scheme: "http" | "https") => (request: IncomingMessage, response: ServerResponse) => {
    const route = find(request);
    if ("body" in route) return show(response, route);
    if (scheme === "http" && !route.allowInsecure) return redirect(response, httpsAddress(request, route));
    handOver(request, route, scheme, clientOf(request).address);
    forward(route, request, response).catch(() => response.destroy());
  };
  const open = (scheme: "http" | "https") => (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const route = find(request);
    if ("body" in route) return showOn(socket, route);
    if (scheme === "http" && !route.allowInsecure) return redirectOn(socket, httpsAddress(request, route));
    handOver(request, route, scheme, clientOf(request).address);
    upgrade(route, request, socket, head).catch(() => socket.destroy());
  };

  const secure = {
    minVersion: "TLSv1.2" as const,
    ALPNProtocols: ["http/1.1"],
    SNICallback: (servername: string, done: (error: Error | null, context?: SecureContext) => void) => void contextFor(servername).then((context) => done(null, context), (error: Error) => done(error)),
    ...(await options.certificates.issue(["localhost", "127.0.0.1", "::1"]).then(({ certPem, keyPem }) => ({ cert: certPem, key: keyPem }))),
  };
  const https = createHttpsServer(secure);
  const prepare = (scheme: "http" | "https", server: Server) => {
    server.on("request", answer(scheme)).on("upgrade", open(scheme));
    // An upload may take as long as it takes; the idle limit is on the way to the replica.
    server.requestTimeout = 0;
    server.headersTimeout = 60_000;
    server.keepAliveTimeout = 65_000;
    return server;
  };
  const http = prepare("http", createHttpServer());
  const port = await listenOnLoopback(prepare("https", https), options.port);
  await listenOnLoopback(http, options.httpPort);
  const inside = insideConnections({ http, https }, secure);
  return {
    port,
    accept: inside.accept,
    isName: (environmentId, name) => name.endsWith(`.${DOMAIN_SUFFIX}`) || (!name.includes(".") && apps.routeOf({ host: name, url: "/", environmentId }) !== undefined),
    close: async () => void (await Promise.all([https, http].map((server) => closeServer(server, CLOSING_LIMIT_MS)))),
  };
}

const hostOf = ({ headers }: IncomingMessage): string => (headers.host ?? "").toLowerCase().replace(/:\d+$/, "");

/** Makes the request what the replica is to see. */
function handOver(request: IncomingMessage, { url }: Route, scheme: string, client: string): void {
  addForwardedHeaders(request, scheme, client);
  if (url === undefined) return;
  // Envoy's documentation of `prefix_rewrite`.
  request.headers["x-envoy-original-path"] = request.url ?? "/";
  request.url = url;
}

/** Azure docs, "Ingress", HTTP headers. The client's own words count only for the addresses before it. */
function addForwardedHeaders({ headers }: IncomingMessage, scheme: string, client: string): void {
  const before = headers["x-forwarded-for"];
  headers["x-forwarded-for"] = before ? `${String(before)}, ${client}` : client;
  headers["x-forwarded-proto"] = scheme;
  headers["x-forwarded-host"] = headers.host ?? "";
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(301, { location, "content-length": 0 });
  response.end();
}

/** For a request that wanted to become a WebSocket: there is no response object then. */
function redirectOn(socket: Duplex, location: string): void {
  socket.end(`HTTP/1.1 301 Moved Permanently\r\nlocation: ${location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}
