import { readFileSync } from "node:fs";
import { request, type RequestOptions } from "node:https";
import type { LookupFunction } from "node:net";
import type { Connection } from "../../local/connection.ts";

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Node's resolver does not know that names under `.localhost` are loopback (RFC 6761, 6.3). */
const loopback: LookupFunction = (_host, options, callback) =>
  options.all ? callback(null, [{ address: "127.0.0.1", family: 4 }]) : callback(null, "127.0.0.1", 4);

/** One HTTPS request whose certificate must verify against `caFile`; rejects on any connection or certificate error. */
export function ask(url: string, caFile: string, options: RequestOptions & { payload?: unknown; form?: string } = {}): Promise<Answer> {
  const { payload, form, ...rest } = options;
  return new Promise((resolve, reject) => {
    const sent = request(url, { ca: readFileSync(caFile), lookup: loopback, timeout: 30_000, ...rest }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on("error", reject);
    sent.on("timeout", () => sent.destroy(new Error(`no answer from ${url} within 30 s`)));
    sent.end(form ?? (payload === undefined ? undefined : JSON.stringify(payload)));
  });
}

/** One request to the miniature's ARM as its caller; `path` is a resource id, `apiVersion` defaults to Microsoft.App's. */
export function askArm(connection: Connection, method: string, path: string, payload?: unknown, apiVersion = "2025-07-01"): Promise<Answer> {
  return ask(`${connection.armEndpoint}${path}?api-version=${apiVersion}`, connection.caFile, {
    method,
    payload,
    headers: {
      authorization: `Bearer ${readFileSync(connection.callerTokenFile, "utf8").trim()}`,
      "content-type": "application/json",
    },
  });
}
