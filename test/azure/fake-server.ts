import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCertificates } from "../../local/certificates.ts";

export interface FakeRequest {
  method: string;
  /** Host that was asked for, with port. */
  host: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  body: string;
}

export interface FakeAnswer {
  status?: number;
  headers?: Record<string, string>;
  /** Text as it is, anything else as JSON. */
  body?: unknown;
  /** Milliseconds before it is sent. */
  delayMs?: number;
}

export type Answer = (request: FakeRequest) => FakeAnswer | undefined | Promise<FakeAnswer | undefined>;

/** An HTTPS server on loopback whose certificate a file of its own vouches for; `await using` closes it. */
export interface FakeServer extends AsyncDisposable {
  port: number;
  /** `https://localhost:<port>`. */
  origin: string;
  /** `localhost:<port>`. */
  host: string;
  caFile: string;
  requests: FakeRequest[];
}

/** @param answer undefined: 404 */
export async function serveFake(answer: Answer): Promise<FakeServer> {
  const folder = mkdtempSync(join(tmpdir(), "toolwharf-fake-"));
  const { caFile, issue } = await openCertificates(folder);
  const { certPem: cert, keyPem: key } = await issue(["localhost", "registry.localhost", "*.apps.localhost"]);
  const requests: FakeRequest[] = [];
  const server = createServer({ cert, key }, (incoming, outgoing) => void handle(incoming, outgoing));

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    let body = "";
    for await (const part of incoming) body += part;
    const url = new URL(incoming.url!, "https://localhost");
    const request = { method: incoming.method!, host: incoming.headers.host!, path: decodeURIComponent(url.pathname), query: url.searchParams, headers: incoming.headers, body };
    requests.push(request);
    const { status = 200, headers = {}, body: text, delayMs = 0 } = (await answer(request)) ?? { status: 404, body: { error: { code: "ResourceNotFound", message: "Not there." } } };
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs).unref());
    outgoing.writeHead(status, headers).end(text === undefined ? "" : typeof text === "string" ? text : JSON.stringify(text));
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `https://localhost:${port}`,
    host: `localhost:${port}`,
    caFile,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}
