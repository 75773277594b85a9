import { randomUUID } from "node:crypto";
import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import { TokenError, type TokenAuthority } from "../entra/tokens.ts";
import { closeServer, listenOnLoopback } from "../loopback-server.ts";
import type { Arm, ArmRequest, ArmResponse } from "./arm.ts";
import { ArmError, asArmError, errorBody } from "./errors.ts";
import { readBody } from "./request-body.ts";

/** Who ARM's access tokens are for. */
export const ARM_AUDIENCE = "https://management.azure.com/";

const CLOSING_LIMIT_MS = 5_000;

export interface ArmServerOptions {
  arm: Arm;
  tokens: Pick<TokenAuthority, "verify">;
  certificate: { certPem: string; keyPem: string };
  /** What is served beside ARM, to authenticated callers: paths outside of ARM's. */
  beside?: { has(path: string): boolean; handle(request: ArmRequest): ArmResponse };
  /** 0 for any free port. */
  port: number;
}

export interface ArmServer {
  /** `https://localhost:<port>` */
  endpoint: string;
  /** Takes no more connections, lets open requests end (at most 5 s), then breaks them off. */
  close(): Promise<void>;
}

/** ARM's REST face: HTTPS on loopback, Entra ID tokens, ARM's error bodies. */
export async function serveArm(options: ArmServerOptions): Promise<ArmServer> {
  const { certificate, port } = options;
  let endpoint = "";
  /** Aborted when nobody is there any more, or the server closes: a followed log does not end by itself. */
  const open = new Set<AbortController>();
  const server = createServer({ cert: certificate.certPem, key: certificate.keyPem }, (request, response) => {
    // A connection that was busy when the server closed is not closed by it, only once it has answered.
    response.once("close", () => server.listening || setImmediate(() => server.closeIdleConnections()));
    const gone = new AbortController();
    open.add(gone);
    response.once("close", () => {
      open.delete(gone);
      gone.abort();
    });
    void respond(request, response, () => route(request, endpoint, options, gone.signal));
  });
  endpoint = `https://localhost:${await listenOnLoopback(server, port)}`;
  return {
    endpoint,
    close() {
      for (const each of open) each.abort();
      return closeServer(server, CLOSING_LIMIT_MS);
    },
  };
}

async function route(request: IncomingMessage, endpoint: string, { arm, tokens, beside }: ArmServerOptions, signal: AbortSignal): Promise<ArmResponse> {
  const { pathname: path, searchParams: query } = new URL(request.url ?? "/", endpoint);
  const method = request.method ?? "GET";
  const token = bearerOf(request);
  if (method === "GET" && arm.isLogPath(path)) return arm.readLog({ path, query, token, signal });
  const principalId = await authenticate(token, tokens);
  const body = await readBody(request);
  const asked: ArmRequest = { method, path, query, principalId, endpoint, ...(body !== undefined && { body }) };
  return beside?.has(path) ? beside.handle(asked) : arm.handle(asked);
}

function bearerOf({ headers }: IncomingMessage): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1];
}

async function authenticate(token: string | undefined, tokens: ArmServerOptions["tokens"]): Promise<string> {
  if (token === undefined) throw new ArmError("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.", 401);
  try {
    return (await tokens.verify(token, ARM_AUDIENCE)).principalId;
  } catch (error) {
    if (error instanceof TokenError) throw refused(error);
    throw error;
  }
}

function refused({ reason, claims }: TokenError): ArmError {
  switch (reason) {
    case "expired": {
      const expiry = typeof claims.exp === "number" ? new Date(claims.exp * 1000).toISOString() : "";
      return new ArmError(
        "ExpiredAuthenticationToken",
        `The access token expiry UTC time '${expiry}' is earlier than current UTC time '${new Date().toISOString()}'.`,
        401,
      );
    }
    case "audience":
      return new ArmError(
        "InvalidAuthenticationTokenAudience",
        `The access token has been obtained for wrong audience or resource '${claims.aud}'. It should exactly match with one of the allowed audiences '${ARM_AUDIENCE}'.`,
        401,
      );
    default:
      return new ArmError("InvalidAuthenticationToken", "The access token is invalid.", 401);
  }
}

async function respond(request: IncomingMessage, response: ServerResponse, work: () => Promise<ArmResponse>): Promise<void> {
  const { status, headers, body } = await work().catch((thrown: unknown) => {
    const error = asArmError(thrown);
    if (error !== thrown) console.error(`${request.method} ${request.url} failed: ${(thrown as Error)?.stack ?? thrown}`);
    return { status: error.status, headers: challenge(error), body: errorBody(error) };
  });
  const isStream = body instanceof Readable;
  const text = body === undefined || isStream ? "" : typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, {
    ...(body !== undefined && { "content-type": "application/json; charset=utf-8" }),
    "cache-control": "no-cache",
    "x-ms-request-id": randomUUID(),
    "x-ms-correlation-request-id": String(request.headers["x-ms-correlation-request-id"] ?? randomUUID()),
    ...headers,
  });
  if (!isStream) return void response.end(text);
  // The head is out before the first line comes, and the connection is nobody's after the last.
  response.flushHeaders();
  pipeline(body, response, (error) => {
    if (error && error.code !== "ERR_STREAM_PREMATURE_CLOSE") console.error(`${request.method} ${request.url?.split("?")[0]} broke off: ${error.message}`);
  });
}

function challenge({ status, code }: ArmError): Record<string, string> {
  if (status !== 401) return {};
  return { "www-authenticate": `Bearer authorization_uri="https://login.windows.net/", error="invalid_token", error_description="${code}"` };
}
