import { createArm, type Arm, type ArmResponse } from "../../local/arm/arm.ts";
import { grantCallerDefaults } from "../../local/arm/authorization/assignments.ts";
import { createAccess } from "../../local/arm/authorization/access.ts";
import type { ArmDocument } from "../../local/arm/hosts.ts";
import { objectOf } from "../../local/arm/json.ts";
import type { DocumentStore } from "../../local/document-store.ts";
import { openTenant, type Tenant } from "../../local/entra/tenant.ts";
import { knownFrom, openFaults, type Faults } from "../../local/faults/faults.ts";
import { fakeHosts, type FakeHosts } from "./fake-hosts.ts";
import { memoryStore } from "./memory-store.ts";

/** An ARM over fake hosts, and short ways to ask it. */
export interface World {
  arm: Arm;
  hosts: FakeHosts;
  store: DocumentStore;
  tenant: Tenant;
  faults: Faults;
  /** Id of the resource group `rg`. */
  group: string;
  /** What the miniature's log would have said. */
  log: string[];
  /** `path` is an id, or what follows the group's id, as in `Microsoft.App/containerApps/weather`; a query may follow. */
  ask(method: string, path: string, body?: unknown, principalId?: string): Promise<ArmResponse>;
  /** The same, waiting for operations, and failing unless the answer is 2xx and the operation succeeds. */
  must(method: string, path: string, body?: unknown): Promise<ArmDocument>;
  idOf(path: string): string;
}

export interface WorldOptions {
  store?: DocumentStore;
  hosts?: FakeHosts;
  clock?: () => number;
  propagationDelayMs?: number;
}

const DEFAULT_API_VERSION = "2025-07-01";

export function openWorld({ store = memoryStore(), hosts = fakeHosts(), clock = Date.now, propagationDelayMs = 0 }: WorldOptions = {}): World {
  const tenant = openTenant(store);
  grantCallerDefaults(store, tenant, new Date(clock()));
  const log: string[] = [];
  const { subscriptionId, tenantId } = tenant;
  const faults = openFaults(clock);
  const access = createAccess({ store, clock, knownFrom: (createdOn) => knownFrom(faults, createdOn) });
  const arm = createArm({ store, hosts, access, faults, subscriptionId, tenantId, propagationDelayMs, clock, log: (line) => log.push(line) });
  const group = `/subscriptions/${subscriptionId}/resourceGroups/rg`;
  const idOf = (path: string) => (path.startsWith("/") ? path : `${group}/providers/${path}`);

  const ask: World["ask"] = (method, path, body, principalId = tenant.callerPrincipalId) => {
    const url = new URL(idOf(path), "https://arm");
    if (!url.searchParams.has("api-version")) url.searchParams.set("api-version", DEFAULT_API_VERSION);
    return arm.handle({ method, path: url.pathname, query: url.searchParams, principalId, ...(body !== undefined && { body }) });
  };

  return {
    arm,
    hosts,
    store,
    tenant,
    faults,
    group,
    log,
    ask,
    idOf,
    async must(method, path, body) {
      const answer = await ask(method, path, body);
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      await arm.idle();
      const operation = answer.headers["azure-asyncoperation"];
      if (operation) {
        const { pathname, search } = new URL(operation);
        const { status, error } = objectOf((await ask("GET", pathname + search)).body);
        if (status !== "Succeeded") throw new Error(`${method} ${path}: ${JSON.stringify(error)}`);
      }
      return answer.body as ArmDocument;
    },
  };
}

export const errorOf = ({ status, body }: ArmResponse) => ({ status, ...objectOf(objectOf(body)["error"]) });
