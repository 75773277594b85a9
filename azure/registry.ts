import { sendWithToken } from "./access-token.ts";
import type { AccessToken } from "./access-token.ts";
import { systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import type { Http, HttpAnswer, HttpOptions } from "./http.ts";
import { sendPatiently } from "./patience.ts";

/** User name that goes with a refresh token (Azure docs, registry authentication). */
export const TOKEN_USER = "00000000-0000-0000-0000-000000000000";

/** Milliseconds for each request: a registry that is asleep or unreachable must not stop a deployment for long. */
const LIMIT_MS = 5_000;

/** A registry that was just made is not known by its name at once. Milliseconds before each repetition, and for all tries. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000];
const TOTAL_MS = 60_000;

const MANIFEST_TYPES = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
].join(", ");

/** The registry answered with something else than was asked for. */
export class RegistryFailure extends Error {
  override name = "RegistryFailure";
  /** HTTP status. 401 and 403: the caller lacks a role. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  get refused(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

/** One registry, as one caller. */
export interface Registry {
  /** Digest behind a tag or digest; undefined when the registry does not have it. */
  digestOf: (repository: string, reference: string) => Promise<string | undefined>;
  /** Gives a manifest another tag, away from whatever had it. @returns false when it has it already */
  tagManifest: (repository: string, digest: string, tag: string) => Promise<boolean>;
  /** Deletes a manifest and every tag on it. @returns false when it was not there */
  deleteManifest: (repository: string, digest: string) => Promise<boolean>;
}

/**
 * An Entra token for ARM becomes a refresh token of the registry: the password of a `docker login`, valid for 3 hours.
 *
 * @param token of the audience ARM; one that is over is renewed once
 * @throws RegistryFailure `refused` when the caller has no role on the registry
 */
export async function exchangeToken({ loginServer, tenantId, token, http, clock = systemClock }: ExchangeOptions): Promise<string> {
  const answer = await sendWithToken(token, (armToken) => {
    const form = { grant_type: "access_token", service: loginServer, tenant: tenantId, access_token: armToken };
    return post(http, `https://${loginServer}/oauth2/exchange`, form, clock);
  });
  return field(answer, "refresh_token", `the registry ${loginServer} did not take the caller's token`);
}

export interface ExchangeOptions {
  loginServer: string;
  tenantId: string;
  token: AccessToken;
  http: Http;
  clock?: Clock;
}

/** @param refreshToken from `exchangeToken` */
export function openRegistry({ loginServer, refreshToken, http, clock = systemClock }: { loginServer: string; refreshToken: string; http: Http; clock?: Clock }): Registry {
  const bearer = async (repository: string, actions: string): Promise<Record<string, string>> => {
    const form = { grant_type: "refresh_token", service: loginServer, scope: `repository:${repository}:${actions}`, refresh_token: refreshToken };
    const answer = await post(http, `https://${loginServer}/oauth2/token`, form, clock);
    return { authorization: `Bearer ${field(answer, "access_token", `the registry ${loginServer} gave no token for ${repository} (${actions})`)}` };
  };
  const manifest = (repository: string, reference: string): string => `https://${loginServer}/v2/${repository}/manifests/${reference}`;

  const digestOf: Registry["digestOf"] = async (repository, reference) => {
    const headers = { ...(await bearer(repository, "pull")), accept: MANIFEST_TYPES };
    const answer = await ask(http, manifest(repository, reference), { method: "HEAD", headers }, clock);
    if (answer.status === 404) return undefined;
    const digest = answer.headers["docker-content-digest"];
    if (answer.status === 200 && typeof digest === "string") return digest;
    throw new RegistryFailure(answer.status, `the registry ${loginServer} answered ${answer.status} when asked for ${repository}:${reference}`);
  };

  return {
    digestOf,
    tagManifest: async (repository, digest, tag) => {
      if ((await digestOf(repository, tag)) === digest) return false;
      const authorization = await bearer(repository, "pull,push");
      const found = await ask(http, manifest(repository, digest), { headers: { ...authorization, accept: MANIFEST_TYPES } }, clock);
      const type = found.headers["content-type"];
      if (found.status !== 200 || type === undefined) throw new RegistryFailure(found.status, `the registry ${loginServer} answered ${found.status} when asked for ${repository}@${digest}`);
      const put = await ask(http, manifest(repository, tag), { method: "PUT", headers: { ...authorization, "content-type": type }, body: found.text }, clock);
      // The bytes are the digest: another one means that what was sent is not what was read.
      const written = put.headers["docker-content-digest"];
      if (put.status === 201 && written !== undefined && written !== digest) throw new RegistryFailure(put.status, `the registry ${loginServer} took ${repository}:${tag} as ${String(written)} instead of ${digest}`);
      if (put.status !== 201) throw new RegistryFailure(put.status, `the registry ${loginServer} answered ${put.status} when told to tag ${repository}@${digest} ${tag}`);
      return true;
    },
    deleteManifest: async (repository, digest) => {
      const answer = await http.send(manifest(repository, digest), { method: "DELETE", headers: await bearer(repository, "delete"), timeoutMs: LIMIT_MS });
      if (answer.status === 404) return false;
      if (answer.status === 202) return true;
      throw new RegistryFailure(answer.status, `the registry ${loginServer} answered ${answer.status} when told to delete ${repository}@${digest}`);
    },
  };
}

function post(http: Http, url: string, form: Record<string, string>, clock: Clock): Promise<HttpAnswer> {
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
  return ask(http, url, { method: "POST", headers, body: new URLSearchParams(form).toString() }, clock);
}

function ask(http: Http, url: string, options: HttpOptions, clock: Clock): Promise<HttpAnswer> {
  return sendPatiently(http, url, { ...options, timeoutMs: LIMIT_MS }, { pausesMs: PAUSES_MS, totalMs: TOTAL_MS, clock });
}

/** Of the answer's body only the sentences of its errors are repeated: the rest may hold a token. */
function field({ status, text }: HttpAnswer, name: string, problem: string): string {
  const body = parse(text);
  const value = status === 200 ? body?.[name] : undefined;
  if (typeof value === "string" && value !== "") return value;
  const said = sentencesOf(body);
  throw new RegistryFailure(status, `${problem}: it answered ${status}${status === 200 ? " without one" : ""}${said && `: ${said}`}`);
}

/** What looks like a token is left out. */
function sentencesOf(body: Record<string, unknown> | undefined): string {
  const errors = Array.isArray(body?.errors) ? (body.errors as Array<{ message?: unknown } | null>) : [];
  const sentences = errors.flatMap((error) => (typeof error?.message === "string" && error.message !== "" ? [error.message] : []));
  return sentences.join("; ").replace(/[\w-]{8,}\.[\w-]{4,}\.[\w-]{2,}/g, "(token)").replace(/[\w+/=-]{100,}/g, "(token)").slice(0, 1_000);
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
