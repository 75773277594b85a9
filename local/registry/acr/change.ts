import type { IncomingMessage } from "node:http";
import type { Attributes } from "../attributes.ts";

const NAMES = ["deleteEnabled", "writeEnabled", "readEnabled", "listEnabled"] as const;
const BODY_LIMIT_BYTES = 64 * 1024;

/** The attributes that a PATCH gives; others in the body are left aside. @returns `undefined` for a body that is not such an object */
export async function readChange(request: IncomingMessage): Promise<Partial<Attributes> | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) return undefined;
    chunks.push(chunk);
  }
  return parseChange(Buffer.concat(chunks).toString("utf8"));
}

export function parseChange(text: string): Partial<Attributes> | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) return undefined;
  const given = NAMES.filter((name) => name in body).map((name) => [name, (body as Record<string, unknown>)[name]] as const);
  return given.every(([, value]) => typeof value === "boolean") ? (Object.fromEntries(given) as Partial<Attributes>) : undefined;
}
