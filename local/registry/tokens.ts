import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { jwtVerify, SignJWT } from "jose";
import { writeWhole } from "../write-whole.ts";
import type { Scope } from "./scopes.ts";

/** Azure docs, "Authenticate with an Azure container registry": what `az acr login` gets is valid for 3 hours. */
const REFRESH_TOKEN_SECONDS = 3 * 60 * 60;
/** Of an ACR access token. */
const ACCESS_TOKEN_SECONDS = 75 * 60;
const ISSUER = "Azure Container Registry";
const ALGORITHM = "HS256";

/** Tokens that the registries of one miniature hand out; one made for a login server is worth nothing at another. */
export interface RegistryTokens {
  refreshToken(loginServer: string, principalId: string): Promise<string>;
  accessToken(loginServer: string, principalId: string, access: Scope[]): Promise<string>;
  /** The principal of a refresh token, `undefined` when it is not one of this login server or has ended. */
  principalOf(loginServer: string, refreshToken: string): Promise<string | undefined>;
  /** The scopes of an access token, `undefined` likewise. */
  scopesOf(loginServer: string, accessToken: string): Promise<Scope[] | undefined>;
}

/** The signing key is kept in `folder` (mode 0600), so that a `docker login` outlives a restart. */
export function openRegistryTokens(folder: string): RegistryTokens {
  const key = keptKey(folder);
  const sign = (loginServer: string, principalId: string, claims: Record<string, unknown>, seconds: number) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setAudience(loginServer)
      .setSubject(principalId)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${seconds}s`)
      .sign(key);
  const read = async (loginServer: string, token: string, grantType: string) => {
    try {
      const { payload } = await jwtVerify(token, key, { issuer: ISSUER, audience: loginServer, algorithms: [ALGORITHM] });
      return payload.grant_type === grantType ? payload : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    refreshToken: (loginServer, principalId) => sign(loginServer, principalId, { grant_type: "refresh_token" }, REFRESH_TOKEN_SECONDS),
    accessToken: (loginServer, principalId, access) => sign(loginServer, principalId, { grant_type: "access_token", access }, ACCESS_TOKEN_SECONDS),
    principalOf: async (loginServer, token) => (await read(loginServer, token, "refresh_token"))?.sub,
    scopesOf: async (loginServer, token) => (await read(loginServer, token, "access_token"))?.access as Scope[] | undefined,
  };
}

function keptKey(folder: string): Uint8Array {
  const file = join(folder, "token-key");
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeWhole(file, randomBytes(32).toString("base64"), 0o600);
  }
  return Buffer.from(readFileSync(file, "utf8"), "base64");
}
