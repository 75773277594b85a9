import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeJwt, errors, exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT, type JWK } from "jose";
import { writeWhole } from "../write-whole.ts";
import type { Tenant } from "./tenant.ts";

const ALGORITHM = "ES256";
const DEFAULT_LIFETIME_SECONDS = 3600;

export interface TokenRequest {
  principalId: string;
  /** Who the token is for, for instance `https://management.azure.com/`. */
  audience: string;
  /** @default 3600 */
  ttlSeconds?: number;
}

export interface TokenAuthority {
  /** An access token as Entra ID issues them: a signed JWT with `aud`, `oid`, `tid`, `exp`. */
  issue(request: TokenRequest): Promise<string>;
  /** @throws TokenError when it is not ours, not for `audience`, or expired */
  verify(token: string, audience: string): Promise<{ principalId: string; tenantId: string }>;
}

/** Why a token was not accepted, so that each server can say it in its own service's words. */
export class TokenError extends Error {
  readonly reason: "invalid" | "expired" | "audience";
  /** What the token says of itself; only to be shown, never to be trusted. */
  readonly claims: { aud?: unknown; exp?: unknown };

  constructor(reason: TokenError["reason"], claims: TokenError["claims"] = {}) {
    super(`the access token is not accepted: ${reason}`);
    this.name = "TokenError";
    this.reason = reason;
    this.claims = claims;
  }
}

/**
 * The miniature's Entra ID, as far as tokens go. Its key is made once and kept in `folder`, readable by the owner only,
 * so tokens outlive a restart of the daemon.
 */
export async function openTokenAuthority(folder: string, tenant: Pick<Tenant, "tenantId" | "subscriptionId">): Promise<TokenAuthority> {
  const { privateKey, publicKey, keyId } = await openKey(folder);
  const issuer = `https://sts.windows.net/${tenant.tenantId}/`;

  return {
    async issue({ principalId, audience, ttlSeconds = DEFAULT_LIFETIME_SECONDS }) {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ oid: principalId, tid: tenant.tenantId, ver: "1.0" })
        .setProtectedHeader({ alg: ALGORITHM, typ: "JWT", kid: keyId })
        .setIssuer(issuer)
        .setSubject(principalId)
        .setAudience(audience)
        .setJti(randomUUID())
        .setIssuedAt(now)
        .setNotBefore(now)
        .setExpirationTime(now + ttlSeconds)
        .sign(privateKey);
    },

    async verify(token, audience) {
      try {
        const { payload } = await jwtVerify(token, publicKey, {
          issuer,
          audience: bothForms(audience),
          algorithms: [ALGORITHM],
          requiredClaims: ["oid", "exp"],
        });
        return { principalId: String(payload["oid"]), tenantId: tenant.tenantId };
      } catch (error) {
        throw new TokenError(reasonOf(error), claimsOf(token));
      }
    },
  };
}

/** Entra ID treats a resource with and without its trailing slash as one. */
function bothForms(audience: string): string[] {
  const bare = audience.replace(/\/$/, "");
  return [bare, `${bare}/`];
}

function reasonOf(error: unknown): TokenError["reason"] {
  if (error instanceof errors.JWTExpired) return "expired";
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === "aud") return "audience";
  return "invalid";
}

function claimsOf(token: string): TokenError["claims"] {
  try {
    const { aud, exp } = decodeJwt(token);
    return { aud, exp };
  } catch {
    return {};
  }
}

async function openKey(folder: string) {
  const file = join(folder, "token-signing-key.json");
  const stored = readKey(file) ?? (await makeKey(folder, file));
  const { d: _private, ...publicJwk } = stored;
  const [privateKey, publicKey] = await Promise.all([importJWK(stored, ALGORITHM), importJWK(publicJwk, ALGORITHM)]);
  return { privateKey, publicKey, keyId: stored.kid ?? "" };
}

function readKey(file: string): JWK | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as JWK;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`the miniature's signing key ${file} cannot be read: ${(error as Error).message}. Remove the file; a new key is made`);
  }
}

async function makeKey(folder: string, file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk: JWK = { ...(await exportJWK(privateKey)), kid: randomUUID() };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeWhole(file, JSON.stringify(jwk), 0o600);
  return jwk;
}
