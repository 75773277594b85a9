import { sendWithToken } from "./access-token.ts";
import type { AccessToken } from "./access-token.ts";
import { systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import type { Http, HttpAnswer } from "./http.ts";
import { sendPatiently } from "./patience.ts";

/** Stable, and the version that `@azure/arm-appcontainers` 3 speaks. */
export const APP_API_VERSION = "2025-07-01";

/** The first version that tells a registry's `roleAssignmentMode`; older ones leave it out. */
export const REGISTRY_API_VERSION = "2025-11-01";

/** What is read of a `Microsoft.App/containerApps` document. */
export interface ContainerAppDocument {
  id: string;
  tags?: Record<string, string>;
  properties: {
    provisioningState?: string;
    runningStatus?: string;
    latestRevisionName?: string;
    latestReadyRevisionName?: string;
    latestRevisionFqdn?: string;
    configuration?: { ingress?: { fqdn?: string; external?: boolean; targetPort?: number } | null };
    template?: { containers?: Array<{ name: string; image: string }> };
  };
}

export interface RevisionDocument {
  name: string;
  properties: {
    active?: boolean;
    fqdn?: string;
    /** Replicas that exist now; 0 when scaled to zero. */
    replicas?: number;
    provisioningState?: string;
    provisioningError?: string;
    healthState?: string;
    runningState?: string;
    /** Not in the published schema; some answers have it. */
    runningStateDetails?: string;
    template?: { containers?: Array<{ name: string; image: string }> };
  };
}

export interface ReplicaDocument {
  name: string;
  properties: {
    createdTime?: string;
    runningState?: string;
    runningStateDetails?: string;
    containers?: ReplicaContainer[];
  };
}

export interface ReplicaContainer {
  name: string;
  ready?: boolean;
  started?: boolean;
  restartCount?: number;
  runningState?: string;
  runningStateDetails?: string;
  logStreamEndpoint?: string;
}

/** Reads what Pulumi does not: live state. Nothing here changes anything. */
export interface ArmReader {
  /** @returns undefined when the resource, or the group it is in, does not exist */
  get: <T>(id: string, apiVersion: string) => Promise<T | undefined>;
  containerApp: (appId: string) => Promise<ContainerAppDocument | undefined>;
  revision: (appId: string, revision: string) => Promise<RevisionDocument | undefined>;
  replicas: (appId: string, revision: string) => Promise<ReplicaDocument[]>;
  /** The last lines that a replica's container wrote, oldest first. @param lines 1 to 300 */
  consoleTail: (appId: string, container: Pick<ReplicaContainer, "logStreamEndpoint">, lines: number) => Promise<string[]>;
}

/** ARM answered with an error. */
export class ArmFailure extends Error {
  override name = "ArmFailure";
  readonly status: number;
  /** ARM's own, such as `AuthorizationFailed`; empty when the body had none. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * @param endpoint `https://management.azure.com`, or where else ARM answers
 * @param token of the audience ARM; a request that is refused with 401 is repeated once with a new one
 */
export function createArmReader({ endpoint, token, http, clock = systemClock }: { endpoint: string; token: AccessToken; http: Http; clock?: Clock }): ArmReader {
  const base = endpoint.replace(/\/+$/, "");
  const ask = (method: "GET" | "POST", id: string, apiVersion: string): Promise<HttpAnswer> =>
    sendWithToken(token, (bearer) =>
      sendPatiently(http, `${base}${id}?api-version=${apiVersion}`, { method, headers: { authorization: `Bearer ${bearer}`, accept: "application/json" } }, { pausesMs: PAUSES_MS, clock }),
    );

  const get = async <T>(id: string, apiVersion: string): Promise<T | undefined> => {
    const answer = await ask("GET", id, apiVersion);
    if (answer.status === 404) return undefined;
    return bodyOf<T>(answer, `GET ${id}`);
  };
  const list = async <T>(id: string): Promise<T[]> => (await get<{ value: T[] }>(id, APP_API_VERSION))?.value ?? [];

  return {
    get,
    containerApp: (appId) => get(appId, APP_API_VERSION),
    revision: (appId, revision) => get(`${appId}/revisions/${revision}`, APP_API_VERSION),
    replicas: (appId, revision) => list(`${appId}/revisions/${revision}/replicas`),
    consoleTail: async (appId, { logStreamEndpoint }, lines) => {
      if (!logStreamEndpoint) return [];
      const auth = await ask("POST", `${appId}/getAuthtoken`, APP_API_VERSION);
      const { properties } = bodyOf<{ properties: { token: string } }>(auth, `POST ${appId}/getAuthtoken`);
      const answer = await http.send(withQuery(logStreamEndpoint, { follow: "false", output: "text", tailLines: String(lines) }), {
        headers: { authorization: `Bearer ${properties.token}` },
      });
      if (answer.status !== 200) throw new ArmFailure(answer.status, "", `the log stream answered ${answer.status}`);
      return answer.text.split(/\r?\n/).filter((line) => line !== "").slice(-lines);
    },
  };
}

/** Milliseconds before each repetition: ARM is throttled or stumbles now and then. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

function bodyOf<T>({ status, text }: HttpAnswer, what: string): T {
  const body = parse(text);
  if (status >= 200 && status < 300 && body !== undefined) return body as T;
  const { code = "", message = "" } = (body as { error?: { code?: string; message?: string } } | undefined)?.error ?? {};
  throw new ArmFailure(status, code, `${what} answered ${status}${code && ` ${code}`}${message && `: ${message}`}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withQuery(url: string, parameters: Record<string, string>): string {
  const whole = new URL(url);
  for (const [name, value] of Object.entries(parameters)) whole.searchParams.set(name, value);
  return whole.href;
}
