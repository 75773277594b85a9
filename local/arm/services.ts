import { roleAssignmentEndpoints } from "./authorization/handler.ts";
import { roleDefinitionEndpoints } from "./authorization/role-definitions.ts";
import { childEndpoints } from "./child-resource.ts";
import { containerAppActions, containerApps } from "./container-apps/handler.ts";
import { revisionEndpoints } from "./container-apps/revisions.ts";
import { registries, registryActions } from "./container-registry/handler.ts";
import { managedEnvironments } from "./managed-environments/handler.ts";
import { userAssignedIdentities } from "./managed-identity/handler.ts";
import { operationEndpoints } from "./operation-links.ts";
import { workspaceActions, workspaces } from "./operational-insights/handler.ts";
import { resourceGroupEndpoints } from "./resources/handler.ts";
import { resourceListEndpoints } from "./resources/list.ts";
import type { Endpoints, TrackedType } from "./service.ts";
import { trackedEndpoints } from "./tracked-resource.ts";

/** Everything that lives in a resource group, in the order of removal: what uses comes before what is used. */
export const TRACKED_TYPES: TrackedType[] = [containerApps, managedEnvironments, registries, workspaces, userAssignedIdentities];

/** All that the miniature's ARM answers. To add a resource type: a folder beside these, and its line here or, of a child, at its parent. */
export const SERVICES: Endpoints[] = [
  resourceGroupEndpoints(TRACKED_TYPES),
  ...resourceListEndpoints,
  ...TRACKED_TYPES.map(trackedEndpoints),
  ...TRACKED_TYPES.flatMap((parent) => (parent.children ?? []).map((child) => childEndpoints(parent, child))),
  ...containerAppActions,
  ...revisionEndpoints,
  ...registryActions,
  ...workspaceActions,
  roleAssignmentEndpoints,
  roleDefinitionEndpoints,
  ...operationEndpoints((id, call) => {
    const stored = call.context.documents.get(id);
    const type = stored && TRACKED_TYPES.find((each) => each.type === stored.document.type);
    return type?.present(stored!, call) ?? stored?.document;
  }),
];
