import type { Principals } from "../../entra/principals.ts";
import { ArmError } from "../errors.ts";
import { isAbsent, isObject, objectOf } from "../json.ts";
import { nameOf } from "../resource-id.ts";
import { sameGrant, type Assignment } from "./assignments.ts";
import { GUID } from "./constants.ts";

const PRINCIPAL_TYPES = ["User", "ServicePrincipal", "Group", "ForeignGroup", "Device"] as const;

export interface DesiredAssignment {
  principalId: string;
  principalType?: Assignment["principalType"];
  roleId: string;
  description?: string;
}

export function checkAssignmentName(name: string): void {
  if (GUID.test(name)) return;
  throw new ArmError("InvalidRoleAssignmentId", `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`);
}

/** Reads the body of a PUT; its shape only. */
export function readAssignment(body: unknown): DesiredAssignment {
  const properties = objectOf(isObject(body) ? body["properties"] : undefined);
  const { roleDefinitionId, principalType, description } = properties;
  const principalId = String(properties["principalId"] ?? "");
  if (!GUID.test(principalId)) throw new ArmError("InvalidPrincipalId", `A valid principal ID must be provided for role assignment. The principal ID '${principalId}' is not a GUID.`);
  return {
    principalId,
    roleId: checkRole(roleDefinitionId),
    ...(!isAbsent(principalType) && { principalType: checkPrincipalType(principalType) }),
    ...(typeof description === "string" && { description }),
  };
}

function checkRole(roleDefinitionId: unknown): string {
  const id = typeof roleDefinitionId === "string" ? nameOf(roleDefinitionId).toLowerCase() : "";
  if (!GUID.test(id)) throw new ArmError("InvalidRoleDefinitionId", `The role definition ID '${roleDefinitionId ?? ""}' is not valid.`);
  return id;
}

function checkPrincipalType(value: unknown): Assignment["principalType"] {
  const known = PRINCIPAL_TYPES.find((type) => type.toLowerCase() === String(value).toLowerCase());
  if (known) return known;
  throw new ArmError("InvalidPrincipalType", `The principal type '${value}' is not valid. It must be one of ${PRINCIPAL_TYPES.join(", ")}.`);
}

/**
 * The type that is stored. Azure looks a principal up only when the caller does not name its type, so that a principal
 * made a moment ago can be given a role (Azure docs, "Assign Azure roles", new service principal).
 */
export function checkPrincipal(desired: DesiredAssignment, principals: Principals, tenantId: string): Assignment["principalType"] {
  const found = principals.find(desired.principalId);
  if (!found && !desired.principalType) {
    throw new ArmError(
      "PrincipalNotFound",
      `Principal ${bare(desired.principalId)} does not exist in the directory ${tenantId}. Check that you have the correct principal ID. ` +
        "If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. " +
        "In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  " +
        "See https://aka.ms/docs-principaltype",
    );
  }
  if (found && desired.principalType && desired.principalType !== found.type) {
    throw new ArmError(
      "UnmatchedPrincipalType",
      `The PrincipalId '${bare(desired.principalId)}' has type '${found.type}' , which is different from specified PrinciaplType '${desired.principalType}'.`,
    );
  }
  return found?.type ?? desired.principalType!;
}

/** @param existing the assignment of that name, anywhere in the tenant */
export function checkUpdate(existing: Assignment | undefined, desired: Pick<Assignment, "scope" | "principalId" | "roleId">): void {
  if (!existing || sameGrant({ ...existing, roleId: desired.roleId }, desired)) return;
  throw new ArmError("RoleAssignmentUpdateNotPermitted", "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.");
}

export function checkUnique(all: Assignment[], name: string, desired: Pick<Assignment, "scope" | "principalId" | "roleId">): void {
  const twin = all.find((each) => each.name.toLowerCase() !== name.toLowerCase() && sameGrant(each, desired));
  if (!twin) return;
  throw new ArmError(
    "RoleAssignmentExists",
    `The role assignment already exists. The ID of the existing role assignment is ${bare(twin.name)}.`,
    409,
  );
}

/** Azure prints ids without dashes in these texts. */
const bare = (guid: string) => guid.replaceAll("-", "");
