import { createHash, randomBytes } from "node:crypto";
import type { DocumentStore } from "../../document-store.ts";
import { sameId } from "../resource-id.ts";
import { AUTH_TOKEN_LIFETIME_SECONDS } from "./constants.ts";

interface StoredToken {
  appId: string;
  /** ISO 8601. */
  expires: string;
}

const PREFIX = "app-tokens/";
const keyOf = (token: string) => PREFIX + createHash("sha256").update(token).digest("hex");

/** A token that reads one app's logs and nothing else. Only its hash is kept. */
export function issueAppToken(store: DocumentStore, appId: string, now: Date): { token: string; expires: string } {
  for (const { key, value } of store.list<StoredToken>(PREFIX)) if (Date.parse(value.expires) <= now.getTime()) store.delete(key);
  const token = randomBytes(32).toString("base64url");
  const expires = new Date(now.getTime() + AUTH_TOKEN_LIFETIME_SECONDS * 1000).toISOString();
  store.put<StoredToken>(keyOf(token), { appId, expires });
  return { token, expires };
}

export function isAppToken(store: DocumentStore, token: string, appId: string, now: Date): boolean {
  const stored = store.get<StoredToken>(keyOf(token));
  return stored !== undefined && sameId(stored.appId, appId) && Date.parse(stored.expires) > now.getTime();
}

export function forgetAppTokens(store: DocumentStore, appId: string): void {
  for (const { key, value } of store.list<StoredToken>(PREFIX)) if (sameId(value.appId, appId)) store.delete(key);
}
