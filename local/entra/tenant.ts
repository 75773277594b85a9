import { randomUUID } from "node:crypto";
import type { DocumentStore } from "../document-store.ts";
import { openPrincipals } from "./principals.ts";

/** Who a miniature is: chosen at its first start, the same ever after. */
export interface Tenant {
  tenantId: string;
  subscriptionId: string;
  /** The user who drives the miniature; whoever can read the caller's token file is this user. */
  callerPrincipalId: string;
}

const KEY = "entra/tenant";

export function openTenant(store: DocumentStore): Tenant {
  const known = store.get<Tenant>(KEY);
  if (known) return known;
  const tenant = { tenantId: randomUUID(), subscriptionId: randomUUID(), callerPrincipalId: randomUUID() };
  openPrincipals(store).add({ principalId: tenant.callerPrincipalId, type: "User", displayName: "Caller of the miniature" });
  store.put(KEY, tenant);
  return tenant;
}
