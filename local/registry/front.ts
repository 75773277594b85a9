import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import { createProxyServer, type ProxyServer } from "httpxy";
import type { RegistryRequests } from "../faults/table.ts";
import { closeServer, listenOnLoopback } from "../loopback-server.ts";
import { serveAcr, serveCatalog, type Metadata } from "./acr/api.ts";
import { readAcrRequest } from "./acr/requests.ts";
import { challenge, disallowed, manifestUnknown, refuse, unauthorized } from "./answers.ts";
import type { Failures } from "./failures.ts";
import { readRequest, type RegistryRequest } from "./requests.ts";
import { cover } from "./scopes.ts";
import type { StorageProcess } from "./storage-process.ts";
import { exchange, token, type TokenContext } from "./token-endpoints.ts";

const NO_PATH = { code: "NAME_INVALID", message: "invalid repository name or path" };

export interface Front {
  close(): Promise<void>;
}

/** The storage process is away for a moment. */
const CONNECTION_ERRORS = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT"]);
class StorageAway extends Error {}

/** Serves one registry at `https://localhost:<port>`: ACR's token flow, locks and `/acr/v1` before the storage process. */
export async function serveFront(options: {
  /** Read at each request: a registry's permission mode may change. */
  context: () => TokenContext;
  storage: StorageProcess;
  metadata: Metadata;
  failures: Failures;
  certificate: { certPem: string; keyPem: string };
  port: number;
  log?: (line: string) => void;
}): Promise<Front> {
  const { context, storage, metadata, failures, certificate, port, log = () => undefined } = options;
  const proxy = createProxyServer({});
  rewriteMissingManifests(proxy);

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? "/").split("?")[0];
    const method = request.method ?? "GET";
    const failure = failures.of(requestsOf(method, path));
    if (failure) return refuse(response, failure.status, failure.error);
    if (path === "/oauth2/exchange") return exchange(context(), request, response);
    if (path === "/oauth2/token") return token(context(), request, response);
    if (path?.startsWith("/acr/")) return serveMetadata(request, response);
    const wanted = readRequest(method, request.url ?? "/");
    if (!wanted) return refuse(response, 404, NO_PATH);
    if (!(await admitted(context(), wanted, request, response, failures))) return;
    if (wanted.kind === "base") {
      response.writeHead(200, { "content-type": "application/json; charset=utf-8", "docker-distribution-api-version": "registry/2.0" });
      response.end("{}");
      return;
    }
    if (wanted.kind === "catalog") return serveCatalog(metadata, "/v2/_catalog", new URL(wanted.url, "https://registry").searchParams, response);
    if (!(await metadata.locks.admit(method, wanted))) return refuse(response, 405, disallowed());
    if (method === "DELETE" && wanted.kind === "manifest") forgetWithManifest(wanted, response);
    delete request.headers.authorization;
    const target = await storage.port().catch((cause: unknown) => {
      throw new StorageAway("the storage does not run", { cause });
    });
    request.url = wanted.url;
    await proxy.web(request, response, {
      target: `http://127.0.0.1:${target}`,
      selfHandleResponse: wanted.kind === "manifest" && request.method === "GET",
    });
  };

  const serveMetadata = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const wanted = readAcrRequest(request.method ?? "GET", request.url ?? "/");
    if (!wanted) return refuse(response, 404, NO_PATH);
    if (await admitted(context(), { kind: "other", needs: wanted.needs }, request, response, failures)) await serveAcr(metadata, context().registry.loginServer, wanted, request, response);
  };
  const forgetWithManifest = ({ repository }: RegistryRequest, response: ServerResponse): void => {
    // A failure leaves attributes of what is gone, until the next deletion in the repository.
    response.once("finish", () => void metadata.attributes.prune(repository!, metadata.content).catch(() => undefined));
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

function requestsOf(method: string, path: string | undefined): RegistryRequests | undefined {
  if (path?.startsWith("/oauth2/")) return "token";
  if (!path?.startsWith("/v2/") || path === "/v2/") return undefined;
  return method === "GET" || method === "HEAD" ? "pull" : "push";
}

/** Answers 401 itself when the request's token does not cover what it wants. */
async function admitted(
  context: TokenContext,
  { kind, needs }: Pick<RegistryRequest, "kind" | "needs">,
  request: IncomingMessage,
  response: ServerResponse,
  failures: Failures,
): Promise<boolean> {
  const { loginServer } = context.registry;
  const [scheme, text] = (request.headers.authorization ?? "").split(" ");
  const sendsBlob = kind === "upload" && (request.method === "PATCH" || request.method === "PUT");
  const held = scheme?.toLowerCase() === "bearer" && text && !failures.hasExpired(text, sendsBlob) ? await context.tokens.scopesOf(loginServer, text) : undefined;
  if (held && cover(held, needs)) return true;
  refuse(response, 401, unauthorized(needs), challenge(loginServer, needs, held !== undefined));
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
