import { NOT_EMULATED } from "../../../arm/operational-insights/not-emulated.ts";
import { array, boolean, integer, number, object, readOnly, required, string } from "../schema.ts";
import { managedServiceIdentity, resourceGroupName, trackedResource } from "./common.ts";
import type { ResourceType } from "../schema.ts";

/** A Log Analytics workspace. */
export const workspace: ResourceType = {
  token: "azure-native:operationalinsights:Workspace",
  apiVersion: "2023-09-01",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}",
  parameters: {
    resourceGroupName,
    workspaceName: { minLength: 4, maxLength: 63, pattern: "^[A-Za-z0-9][A-Za-z0-9-]+[A-Za-z0-9]$", autoName: "random" },
  },
  envelope: {
    ...trackedResource,
    etag: string({ readOnly }),
    identity: managedServiceIdentity,
  },
  properties: {
    defaultDataCollectionRuleResourceId: string(),
    features: object({
      clusterResourceId: string(),
      disableLocalAuth: boolean(),
      enableDataExport: boolean(),
      enableLogAccessUsingOnlyResourcePermissions: boolean(),
      immediatePurgeDataOn30Days: boolean(),
      unifiedSentinelBillingOnly: boolean({ readOnly }),
    }),
    forceCmkForQuery: boolean(),
    publicNetworkAccessForIngestion: string(),
    publicNetworkAccessForQuery: string(),
    retentionInDays: integer(),
    sku: object({ capacityReservationLevel: integer(), lastSkuUpdate: string({ readOnly }), name: string({ required }) }),
    workspaceCapping: object({
      dailyQuotaGb: number(),
      dataIngestionStatus: string({ readOnly }),
      quotaNextResetTime: string({ readOnly }),
    }),
    createdDate: string({ readOnly }),
    customerId: string({ readOnly }),
    modifiedDate: string({ readOnly }),
    privateLinkScopedResources: array(object({ resourceId: string(), scopeId: string() }), { readOnly }),
    provisioningState: string({ readOnly }),
  },
  notEmulated: NOT_EMULATED,
};
