import { setTimeout as sleep } from "node:timers/promises";
import type { Http, HttpAnswer, HttpOptions } from "./http.ts";

/** Stable, and the version that `@azure/arm-appcontainers` 3 speaks. */
export const APP_API_VERSION = "2025-07-01";

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
 * @param token an access token for ARM
 */
export function createArmReader({ endpoint, token, http }: { endpoint: string; token: string; http: Http }): ArmReader {
  const base = endpoint.replace(/\/+$/, "");
  const headers = { authorization: `Bearer ${token}`, accept: "application/json" };

  const get = async <T>(id: string, apiVersion: string): Promise<T | undefined> => {
    const answer = await sendPatiently(http, `${base}${id}?api-version=${apiVersion}`, { headers });
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
      const auth = await http.send(`${base}${appId}/getAuthtoken?api-version=${APP_API_VERSION}`, { method: "POST", headers });
      const { properties } = bodyOf<{ properties: { token: string } }>(auth, `POST ${appId}/getAuthtoken`);
      const answer = await http.send(withQuery(logStreamEndpoint, { follow: "false", output: "text", tailLines: String(lines) }), {
        headers: { authorization: `Bearer ${properties.token}` },
      });
      if (answer.status !== 200) throw new ArmFailure(answer.status, "", `the log stream answered ${answer.status}`);
      return answer.text.split(/\r?\n/).filter((line) => line !== "").slice(-lines);
    },
  };
}

/** Milliseconds before a second and a third try: ARM is throttled or stumbles now and then. */
const PAUSES_MS = [500, 2_000];

/** For requests that change nothing. */
async function sendPatiently(http: Http, url: string, options: HttpOptions): Promise<HttpAnswer> {
  for (const pause of PAUSES_MS) {
    const answer = await http.send(url, options).catch(() => undefined);
    if (answer && answer.status !== 429 && answer.status < 500) return answer;
    await sleep(pause);
  }
  return http.send(url, options);
}

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
