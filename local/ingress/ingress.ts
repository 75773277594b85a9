import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { Duplex } from "node:stream";
import type { Certificates } from "../certificates.ts";
import { closeServer, listenOnLoopback } from "../loopback-server.ts";
import { mayCome } from "./address-rules.ts";
import { createForwarder } from "./forward.ts";
import { PAGES, show, showOn, type Page } from "./pages.ts";
import { NO_ROUTE, type Route, type Routes } from "./route.ts";
import { secureContexts } from "./server-names.ts";
import { createUpgrader } from "./upgrade.ts";

export interface Ingress {
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

  /** The route, or why there is none for this client. */
  const find = (request: IncomingMessage): Route | Page => {
    const route = apps.routeOf(hostOf(request), request.url ?? "/");
    if (route === NO_ROUTE) return PAGES.noRoute;
    if (!route?.external || !route.active) return PAGES.unknown;
    return mayCome(request.socket.remoteAddress ?? "", route.addressRules) ? route : PAGES.forbidden;
  };
  const answer = (scheme: "http" | "https") => (request: IncomingMessage, response: ServerResponse) => {
    const route = find(request);
    if ("body" in route) return show(response, route);
    if (scheme === "http" && !route.allowInsecure) return redirect(request, response, port);
    handOver(request, route, scheme);
    forward(route, request, response).catch(() => response.destroy());
  };
  const open = (scheme: "http" | "https") => (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const route = find(request);
    if ("body" in route) return showOn(socket, route);
    if (scheme === "http" && !route.allowInsecure) return redirectOn(request, socket, port);
    handOver(request, route, scheme);
    upgrade(route, request, socket, head).catch(() => socket.destroy());
  };

  const https = createHttpsServer({
    minVersion: "TLSv1.2",
    SNICallback: (servername, done) => void contextFor(servername).then((context) => done(null, context), (error: Error) => done(error)),
    ...(await options.certificates.issue(["localhost", "127.0.0.1", "::1"]).then(({ certPem, keyPem }) => ({ cert: certPem, key: keyPem }))),
  });
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
  return { port, close: async () => void (await Promise.all([https, http].map((server) => closeServer(server, CLOSING_LIMIT_MS)))) };
}

const hostOf = ({ headers }: IncomingMessage): string => (headers.host ?? "").toLowerCase().replace(/:\d+$/, "");

/** Makes the request what the replica is to see. */
function handOver(request: IncomingMessage, { url }: Route, scheme: string): void {
  addForwardedHeaders(request, scheme);
  if (url === undefined) return;
  // Envoy's documentation of `prefix_rewrite`.
  request.headers["x-envoy-original-path"] = request.url ?? "/";
  request.url = url;
}

/** Azure docs, "Ingress", HTTP headers. The client's own words count only for the addresses before it. */
function addForwardedHeaders(request: IncomingMessage, scheme: string): void {
  const { headers, socket } = request;
  const before = headers["x-forwarded-for"];
  const client = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  headers["x-forwarded-for"] = before ? `${String(before)}, ${client}` : client;
  headers["x-forwarded-proto"] = scheme;
  headers["x-forwarded-host"] = headers.host ?? "";
}

function redirect(request: IncomingMessage, response: ServerResponse, httpsPort: number): void {
  response.writeHead(301, { location: httpsAddress(request, httpsPort), "content-length": 0 });
  response.end();
}

/** For a request that wanted to become a WebSocket: there is no response object then. */
function redirectOn(request: IncomingMessage, socket: Duplex, httpsPort: number): void {
  socket.end(`HTTP/1.1 301 Moved Permanently\r\nlocation: ${httpsAddress(request, httpsPort)}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}

function httpsAddress(request: IncomingMessage, httpsPort: number): string {
  return `https://${hostOf(request)}${httpsPort === 443 ? "" : `:${httpsPort}`}${request.url ?? "/"}`;
}
