import { createHash } from "node:crypto";
import type { DocumentStore } from "../../document-store.ts";
import type { Tenant } from "../../entra/tenant.ts";
import { isWithin, sameId } from "../resource-id.ts";
import { CONTRIBUTOR, RBAC_ADMINISTRATOR } from "./constants.ts";

/** A role assignment as it is stored, under its name: names are unique in the tenant, whatever their scope. */
export interface Assignment {
  /** GUID. */
  name: string;
  scope: string;
  principalId: string;
  principalType: "User" | "ServicePrincipal" | "Group" | "ForeignGroup" | "Device";
  /** GUID of the role. */
  roleId: string;
  description?: string;
  createdOn: string;
  createdBy: string;
  updatedOn: string;
  updatedBy: string;
  /** Milliseconds since 1970 from which it counts; later than `createdOn` where propagation is emulated. */
  effectiveAt: number;
}

const PREFIX = "role-assignments/";
const FIRST_START = "entra/default-roles-granted";

export const listAssignments = (store: DocumentStore): Assignment[] => store.list<Assignment>(PREFIX).map(({ value }) => value);
export const findAssignment = (store: DocumentStore, name: string) => store.get<Assignment>(PREFIX + name);
export const putAssignment = (store: DocumentStore, assignment: Assignment) => store.put(PREFIX + assignment.name, assignment);
export const removeAssignment = (store: DocumentStore, name: string) => store.delete(PREFIX + name);

/** A deleted resource takes the assignments at its scope along; those of a deleted principal stay, as on Azure. */
export function removeAssignmentsWithin(store: DocumentStore, scope: string): void {
  for (const assignment of listAssignments(store)) if (isWithin(assignment.scope, scope)) removeAssignment(store, assignment.name);
}

export function sameGrant(one: Assignment, other: Pick<Assignment, "scope" | "principalId" | "roleId">): boolean {
  return sameId(one.scope, other.scope) && one.principalId.toLowerCase() === other.principalId.toLowerCase() && one.roleId === other.roleId;
}

/**
 * Makes the caller Contributor and Role Based Access Control Administrator of the subscription, at the first start only:
 * they are ordinary assignments, and one that was deleted stays deleted.
 */
export function grantCallerDefaults(store: DocumentStore, tenant: Tenant, now = new Date()): void {
  if (store.get(FIRST_START)) return;
  const scope = `/subscriptions/${tenant.subscriptionId}`;
  for (const roleId of [CONTRIBUTOR, RBAC_ADMINISTRATOR]) {
    const at = now.toISOString();
    putAssignment(store, {
      name: guidOf(`${scope}|${tenant.callerPrincipalId}|${roleId}`),
      scope,
      principalId: tenant.callerPrincipalId,
      principalType: "User",
      roleId,
      createdOn: at,
      createdBy: tenant.callerPrincipalId,
      updatedOn: at,
      updatedBy: tenant.callerPrincipalId,
      effectiveAt: now.getTime(),
    });
  }
  store.put(FIRST_START, true);
}

function guidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
