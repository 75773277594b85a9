import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import { createProxyServer, type ProxyServer } from "httpxy";
import { closeServer, listenOnLoopback } from "../loopback-server.ts";
import { challenge, manifestUnknown, refuse, unauthorized } from "./answers.ts";
import { readRequest, type RegistryRequest } from "./requests.ts";
import { cover } from "./scopes.ts";
import type { StorageProcess } from "./storage-process.ts";
import { exchange, token, type TokenContext } from "./token-endpoints.ts";

export interface Front {
  close(): Promise<void>;
}

/** The storage process is away for a moment. */
const CONNECTION_ERRORS = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT"]);
class StorageAway extends Error {}

/** Serves one registry at `https://localhost:<port>`: ACR's token flow before the storage process. */
export async function serveFront(options: {
  /** Read at each request: a registry's permission mode may change. */
  context: () => TokenContext;
  storage: StorageProcess;
  certificate: { certPem: string; keyPem: string };
  port: number;
  log?: (line: string) => void;
}): Promise<Front> {
  const { context, storage, certificate, port, log = () => undefined } = options;
  const proxy = createProxyServer({});
  rewriteMissingManifests(proxy);

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? "/").split("?")[0];
    if (path === "/oauth2/exchange") return exchange(context(), request, response);
    if (path === "/oauth2/token") return token(context(), request, response);
    const wanted = readRequest(request.method ?? "GET", request.url ?? "/");
    if (!wanted) return refuse(response, 404, { code: "NAME_INVALID", message: "invalid repository name or path" });
    if (!(await admitted(context(), wanted, request, response))) return;
    if (wanted.kind === "base") {
      response.writeHead(200, { "content-type": "application/json; charset=utf-8", "docker-distribution-api-version": "registry/2.0" });
      response.end("{}");
      return;
    }
    delete request.headers.authorization;
    const target = await storage.port().catch((cause: unknown) => {
      throw new StorageAway("the storage does not run", { cause });
    });
    await proxy.web(request, response, {
      target: `http://127.0.0.1:${target}`,
      selfHandleResponse: wanted.kind === "manifest" && request.method === "GET",
    });
  };

  const server = createServer({ cert: certificate.certPem, key: certificate.keyPem }, (request, response) => {
    handle(request, response).catch((error: NodeJS.ErrnoException) => {
      const away = error instanceof StorageAway || CONNECTION_ERRORS.has(error.code ?? "");
      if (!away) log(`registry: ${request.method} ${request.url?.split("?")[0]} failed: ${error.stack ?? error}`);
      if (response.headersSent) response.destroy();
      else if (away) refuse(response, 503, { code: "UNAVAILABLE", message: "the registry's storage is being started again; try again in a moment" });
      else refuse(response, 500, { code: "UNKNOWN", message: "unknown error" });
    });
  });
  // A layer may take as long as it takes; only the head of a request is hurried.
  server.requestTimeout = 0;
  server.headersTimeout = 30_000;
  server.keepAliveTimeout = 65_000;
  await listenOnLoopback(server, port);
  return {
    close: () => closeServer(server, 0),
  };
}

/** Answers 401 itself when the request's token does not cover what it wants. */
async function admitted(context: TokenContext, wanted: RegistryRequest, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const { loginServer } = context.registry;
  const [scheme, text] = (request.headers.authorization ?? "").split(" ");
  const held = scheme?.toLowerCase() === "bearer" && text ? await context.tokens.scopesOf(loginServer, text) : undefined;
  if (held && cover(held, wanted.needs)) return true;
  refuse(response, 401, unauthorized(wanted.needs), challenge(loginServer, wanted.needs, held !== undefined));
  return false;
}

/** A manifest that is not there gets ACR's words; everything else passes as the storage answered it. */
function rewriteMissingManifests(proxy: ProxyServer): void {
  proxy.on("proxyRes", (answer, request, response) => {
    const wanted = readRequest(request.method ?? "GET", request.url ?? "/");
    if (wanted?.kind !== "manifest" || request.method !== "GET") return;
    if (answer.statusCode === 404) {
      answer.resume();
      refuse(response, 404, manifestUnknown(wanted.repository!, wanted.reference!));
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    // Ends both sides when one breaks; there is nobody left to tell then.
    pipeline(answer, response, () => undefined);
  });
}
