import { NOT_EMULATED_PAGE } from "../../../arm/errors.ts";
import { containerApp } from "./container-app.ts";
import { httpRouteConfig } from "./http-route-config.ts";
import { managedEnvironment } from "./managed-environment.ts";
import { managedEnvironmentsStorage } from "./managed-environments-storage.ts";
import { registry } from "./registry.ts";
import { resourceGroup } from "./resource-group.ts";
import { roleAssignment } from "./role-assignment.ts";
import { userAssignedIdentity } from "./user-assigned-identity.ts";
import { workspace } from "./workspace.ts";
import type { ResourceType } from "../schema.ts";

/** Every resource type that the miniature has. */
export const resourceTypes: readonly ResourceType[] = [
  resourceGroup,
  registry,
  workspace,
  userAssignedIdentity,
  roleAssignment,
  managedEnvironment,
  managedEnvironmentsStorage,
  containerApp,
  httpRouteConfig,
];

/** @throws Error that names the type and what is there instead. */
export function resourceType(token: string): ResourceType {
  const found = resourceTypes.find((type) => type.token === token);
  if (found !== undefined) return found;
  const known = resourceTypes.map((type) => type.token).join(", ");
  throw new Error(`Azure in miniature has no resource type '${token}'. It has: ${known}. See ${NOT_EMULATED_PAGE}`);
}
