import type { IncomingMessage, ServerResponse } from "node:http";
import { refuse, unauthorized } from "./answers.ts";
import { grant, type PermissionMode, type RoleCheck } from "./grants.ts";
import { parseScopes } from "./scopes.ts";
import type { RegistryTokens } from "./tokens.ts";

/** User name that goes with a refresh token as the password (Azure docs, `az acr login --expose-token`). */
export const TOKEN_USER = "00000000-0000-0000-0000-000000000000";

/** Audiences of the Entra tokens that ACR exchanges. The first is ARM's: policy `azureADAuthenticationAsArmPolicy`, on by default. */
const EXCHANGED_AUDIENCES = ["https://management.azure.com/", "https://containerregistry.azure.net"];

/** Entra tokens are about 2 KB; a form that is larger than this is not one. */
const FORM_LIMIT_BYTES = 64 * 1024;

export interface TokenVerifier {
  /** @throws when the token is not this tenant's, has ended, or is for another audience. */
  verify(token: string, audience: string): Promise<{ principalId: string; tenantId: string }>;
}

export interface TokenContext {
  registry: { id: string; mode: PermissionMode; loginServer: string };
  tokens: RegistryTokens;
  entra: TokenVerifier;
  roles: RoleCheck;
}

/** `POST /oauth2/exchange`: an Entra token becomes a refresh token of this registry. */
export async function exchange(context: TokenContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { loginServer } = context.registry;
  const form = request.method === "POST" ? await readForm(request) : undefined;
  if (!form || form.get("grant_type") !== "access_token" || !form.get("access_token") || form.get("service") !== loginServer) return badForm(response);
  const principal = await verified(context.entra, form.get("access_token")!);
  const tenant = form.get("tenant");
  if (!principal || (tenant && tenant !== principal.tenantId)) return refuse(response, 401, unauthorized());
  answer(response, { refresh_token: await context.tokens.refreshToken(loginServer, principal.principalId) });
}

/**
 * `/oauth2/token`: a refresh token becomes an access token for what the principal may do of what was asked. By POST
 * with the OAuth2 grants `refresh_token` or `password`, by GET with basic authentication, which is the Docker engine's way.
 */
export async function token(context: TokenContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { loginServer } = context.registry;
  const asked = request.method === "POST" ? await fromForm(request) : fromQuery(request);
  if (!asked || asked.service !== loginServer) return badForm(response);
  const principalId = asked.refreshToken && (await context.tokens.principalOf(loginServer, asked.refreshToken));
  if (!principalId) return refuse(response, 401, unauthorized());
  const scopes = parseScopes(asked.scopes);
  const access = grant(scopes, context.registry, principalId, context.roles);
  // Asked for something and allowed nothing: ACR refuses here, which is why `docker pull` prints its sentence and not "denied".
  if (scopes.length > 0 && access.length === 0) return refuse(response, 401, unauthorized(scopes));
  answer(response, { access_token: await context.tokens.accessToken(loginServer, principalId, access) });
}

interface Asked {
  service: string | null;
  scopes: string[];
  refreshToken?: string;
}

async function fromForm(request: IncomingMessage): Promise<Asked | undefined> {
  const form = await readForm(request);
  if (!form) return undefined;
  const byPassword = form.get("grant_type") === "password" && form.get("username") === TOKEN_USER;
  if (form.get("grant_type") !== "refresh_token" && form.get("grant_type") !== "password") return undefined;
  const refreshToken = byPassword ? form.get("password") : form.get("refresh_token");
  return { service: form.get("service"), scopes: form.getAll("scope"), ...(refreshToken ? { refreshToken } : {}) };
}

function fromQuery(request: IncomingMessage): Asked {
  const query = new URL(request.url ?? "/", "https://registry").searchParams;
  const [scheme, encoded = ""] = (request.headers.authorization ?? "").split(" ");
  const [user, ...password] = scheme?.toLowerCase() === "basic" ? Buffer.from(encoded, "base64").toString("utf8").split(":") : [];
  const asked = { service: query.get("service"), scopes: query.getAll("scope") };
  return user === TOKEN_USER ? { ...asked, refreshToken: password.join(":") } : asked;
}

async function verified(entra: TokenVerifier, text: string): Promise<{ principalId: string; tenantId: string } | undefined> {
  for (const audience of EXCHANGED_AUDIENCES) {
    const principal = await entra.verify(text, audience).catch(() => undefined);
    if (principal) return principal;
  }
  return undefined;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > FORM_LIMIT_BYTES) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
}

const badForm = (response: ServerResponse): void =>
  refuse(response, 400, { code: "BAD_REQUEST", message: "grant_type, service or the token is missing or not supported" });

function answer(response: ServerResponse, body: Record<string, string>): void {
  response.writeHead(200, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}
