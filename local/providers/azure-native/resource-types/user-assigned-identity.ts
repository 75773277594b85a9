import { readOnly, string } from "../schema.ts";
import { resourceGroupName, trackedResource } from "./common.ts";
import type { ResourceType } from "../schema.ts";

export const userAssignedIdentity: ResourceType = {
  token: "azure-native:managedidentity:UserAssignedIdentity",
  getter: "azure-native:managedidentity:getUserAssignedIdentity",
  apiVersion: "2023-01-31",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}",
  parameters: { resourceGroupName, resourceName: { autoName: "random" } },
  envelope: trackedResource,
  properties: {
    clientId: string({ readOnly }),
    principalId: string({ readOnly }),
    tenantId: string({ readOnly }),
  },
  notEmulated: [],
};
