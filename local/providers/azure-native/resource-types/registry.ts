import { NOT_EMULATED } from "../../../arm/container-registry/not-emulated.ts";
import { array, boolean, createOnly, integer, map, object, readOnly, required, string } from "../schema.ts";
import { resourceGroupName, systemData, trackedResource } from "./common.ts";
import type { ResourceType } from "../schema.ts";

const status = string();
const lastUpdatedTime = string({ readOnly });

export const registry: ResourceType = {
  token: "azure-native:containerregistry:Registry",
  getter: "azure-native:containerregistry:getRegistry",
  apiVersion: "2023-01-01-preview",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ContainerRegistry/registries/{registryName}",
  parameters: {
    resourceGroupName,
    registryName: { minLength: 5, maxLength: 50, pattern: "^[a-zA-Z0-9]*$", autoName: "random" },
  },
  envelope: {
    ...trackedResource,
    sku: object({ name: string({ required }), tier: string({ readOnly }) }, { required }),
    identity: object({
      type: string(),
      principalId: string(),
      tenantId: string(),
      userAssignedIdentities: map(object({ clientId: string({ readOnly }), principalId: string({ readOnly }) })),
    }),
  },
  properties: {
    adminUserEnabled: boolean({ default: false }),
    anonymousPullEnabled: boolean({ default: false }),
    dataEndpointEnabled: boolean(),
    encryption: object(
      {
        keyVaultProperties: object({
          identity: string(),
          keyIdentifier: string(),
          keyRotationEnabled: boolean({ readOnly }),
          lastKeyRotationTimestamp: string({ readOnly }),
          versionedKeyIdentifier: string({ readOnly }),
        }),
        status,
      },
      { createOnly },
    ),
    networkRuleBypassOptions: string({ default: "AzureServices" }),
    networkRuleSet: object({
      defaultAction: string({ required }),
      ipRules: array(object({ action: string(), iPAddressOrRange: string({ required, wireName: "value" }) })),
    }),
    policies: object({
      azureADAuthenticationAsArmPolicy: object({ status }),
      exportPolicy: object({ status }),
      quarantinePolicy: object({ status }),
      retentionPolicy: object({ days: integer(), lastUpdatedTime, status }),
      softDeletePolicy: object({ lastUpdatedTime, retentionDays: integer(), status }),
      trustPolicy: object({ status, type: string() }),
    }),
    publicNetworkAccess: string({ default: "Enabled" }),
    zoneRedundancy: string({ default: "Disabled" }),
    creationDate: string({ readOnly }),
    dataEndpointHostNames: array(string(), { readOnly }),
    loginServer: string({ readOnly }),
    privateEndpointConnections: array(object({ id: string(), name: string(), type: string(), provisioningState: string(), systemData }), { readOnly }),
    provisioningState: string({ readOnly }),
    status: object({ displayStatus: string(), message: string(), timestamp: string() }, { readOnly }),
  },
  notEmulated: NOT_EMULATED,
};
