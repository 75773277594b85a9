import { NOT_EMULATED } from "../../../arm/managed-environment-storages/not-emulated.ts";
import { object, string, writeOnly } from "../schema.ts";
import { identification, resourceGroupName, systemData } from "./common.ts";
import type { ResourceType } from "../schema.ts";

/** A share of Azure Files that apps of the environment may mount. The SDK keeps its `properties` as ARM does, under their own name. */
export const managedEnvironmentsStorage: ResourceType = {
  token: "azure-native:app:ManagedEnvironmentsStorage",
  getter: "azure-native:app:getManagedEnvironmentsStorage",
  apiVersion: "2025-02-02-preview",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.App/managedEnvironments/{environmentName}/storages/{storageName}",
  parameters: { resourceGroupName, environmentName: {}, storageName: { autoName: "random" } },
  envelope: {
    ...identification,
    systemData,
    properties: object({
      azureFile: object({
        accessMode: string(),
        accountKey: string({ writeOnly }),
        accountKeyVaultProperties: object({ identity: string(), keyVaultUrl: string() }),
        accountName: string(),
        shareName: string(),
      }),
      nfsAzureFile: object({ accessMode: string(), server: string(), shareName: string() }),
    }),
  },
  properties: {},
  notEmulated: NOT_EMULATED,
};
