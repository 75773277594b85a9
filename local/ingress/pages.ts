import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

export interface Page {
  status: number;
  reason: string;
  type: string;
  body: string;
}

const text = (status: number, reason: string, body: string): Page => ({ status, reason, type: "text/plain", body });

/** What Azure's ingress, an Envoy, answers by itself. */
export const PAGES = {
  /** A name that no app has, an app without external ingress or without an active revision. */
  unknown: {
    status: 404,
    reason: "Not Found",
    type: "text/html",
    body: '<!DOCTYPE html><html><head><title>Azure Container App - Unavailable</title></head><body><h1 id="unavailable">Error 404 - This Container App is stopped or does not exist.</h1></body></html>',
  },
  /** A path that no rule of an http route config has. */
  noRoute: text(404, "Not Found", ""),
  forbidden: text(403, "Forbidden", "RBAC: access denied"),
  noReplica: text(503, "Service Unavailable", "no healthy upstream"),
  refused: text(
    503,
    "Service Unavailable",
    "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure, transport failure reason: delayed connect error: Connection refused",
  ),
  broken: text(503, "Service Unavailable", "upstream connect error or disconnect/reset before headers. reset reason: connection termination"),
  nonsense: text(502, "Bad Gateway", "upstream connect error or disconnect/reset before headers. reset reason: protocol error"),
  late: text(504, "Gateway Timeout", "stream timeout"),
} satisfies Record<string, Page>;

export function show(response: ServerResponse, { status, reason, type, body }: Page): void {
  response.writeHead(status, reason, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(response.req.method === "HEAD" ? undefined : body);
}

/** For a request that wanted to become a WebSocket: there is no response object then. */
export function showOn(socket: Duplex, { status, reason, type, body }: Page): void {
  socket.end(`HTTP/1.1 ${status} ${reason}\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
}
