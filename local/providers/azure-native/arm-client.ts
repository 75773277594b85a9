import { setTimeout as sleep } from "node:timers/promises";
import { armFailure } from "./arm-errors.ts";
import type { ArmRequest, ArmResponse } from "../../arm/request.ts";
import type { PropertyMap } from "../grpc/property-values.ts";

export interface ArmGateway {
  handle(request: ArmRequest): Promise<ArmResponse>;
}

/** A write that ARM has taken: from here on a failure is the resource's, not the request's. */
export interface Accepted {
  /** Resolves when ARM's operation has succeeded. @throws ArmFailure when it failed; what aborted the signal otherwise. */
  finished(onProgress: (status: string) => void): Promise<void>;
}

export interface ArmClient {
  /** @returns undefined when there is no such resource. */
  get(id: string, apiVersion: string): Promise<PropertyMap | undefined>;
  put(id: string, apiVersion: string, body: PropertyMap): Promise<Accepted>;
  post(id: string, apiVersion: string, body: PropertyMap): Promise<PropertyMap>;
  /** A resource that is not there counts as deleted. */
  delete(id: string, apiVersion: string): Promise<Accepted>;
}

/** azure-native asks every 10 s (deletions: 30 s); the miniature's operations take seconds, not minutes. */
const POLL_MS = 100;
/** azure-native's 20, 60 and 120 s, scaled alike. */
const RETRY_MS = [200, 600, 1200];
const RETRIED_STATUSES = new Set([408, 429, 500, 502, 503, 504]);

/** Azure Resource Manager as azure-native speaks to it. The signal ends the waiting, never ARM's own work. */
export function armClient(arm: ArmGateway, principalId: string, endpoint: string, signal: AbortSignal): ArmClient {
  async function send(method: string, url: URL, body?: PropertyMap): Promise<ArmResponse> {
    for (const wait of [...RETRY_MS, undefined]) {
      const response = await arm.handle({ method, path: url.pathname, query: url.searchParams, body, principalId, endpoint });
      if (wait === undefined || !isRetried(response)) return response;
      await sleep(wait, undefined, { signal });
    }
    throw new Error("unreachable");
  }

  function resource(id: string, apiVersion: string): URL {
    const url = new URL(endpoint);
    // Already encoded where it has to be; a URL would encode it again or resolve its dots.
    url.pathname = id;
    url.searchParams.set("api-version", apiVersion);
    return url;
  }

  /** Follows `azure-asyncoperation`, else `location`, as the answer to a write says. */
  function accepted(response: ArmResponse): Accepted {
    const operation = response.headers["azure-asyncoperation"];
    const location = response.status === 202 ? response.headers["location"] : undefined;
    return {
      async finished(onProgress) {
        const link = operation ?? location;
        if (link === undefined) return;
        for (let last = ""; ; await sleep(POLL_MS, undefined, { signal })) {
          const answered = await send("GET", new URL(link, endpoint));
          const status = operation === undefined ? stateOfLocation(answered) : stateOfOperation(answered);
          if (status === "Failed" || status === "Canceled") throw armFailure(answered);
          if (status !== last) onProgress(status);
          if (status === "Succeeded") return;
          last = status;
        }
      },
    };
  }

  return {
    async get(id, apiVersion) {
      const response = await send("GET", resource(id, apiVersion));
      if (response.status === 404) return undefined;
      if (response.status !== 200) throw armFailure(response);
      return response.body as PropertyMap;
    },
    async put(id, apiVersion, body) {
      const response = await send("PUT", resource(id, apiVersion), body);
      if (![200, 201, 202].includes(response.status)) throw armFailure(response);
      return accepted(response);
    },
    async post(id, apiVersion, body) {
      const response = await send("POST", resource(id, apiVersion), body);
      if (![200, 201].includes(response.status)) throw armFailure(response);
      return response.body as PropertyMap;
    },
    async delete(id, apiVersion) {
      const response = await send("DELETE", resource(id, apiVersion));
      if (response.status === 404) return { finished: async () => undefined };
      if (![200, 202, 204].includes(response.status)) throw armFailure(response);
      return accepted(response);
    },
  };
}

/** A conflict is repeated for one code alone, which Container Apps never uses. */
function isRetried(response: ArmResponse): boolean {
  return RETRIED_STATUSES.has(response.status) || (response.status === 409 && armFailure(response).code === "AnotherOperationInProgress");
}

function stateOfOperation(response: ArmResponse): string {
  if (response.status >= 400) throw armFailure(response);
  const status = (response.body as { status?: unknown } | undefined)?.status;
  return typeof status === "string" ? status : "InProgress";
}

function stateOfLocation(response: ArmResponse): string {
  if (response.status === 202) return "InProgress";
  if (response.status >= 400 && response.status !== 404) throw armFailure(response);
  return "Succeeded";
}
