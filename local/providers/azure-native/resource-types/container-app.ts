import { NOT_EMULATED } from "../../../arm/container-apps/not-emulated.ts";
import { array, createOnly, object, readOnly, string } from "../schema.ts";
import { managedServiceIdentity, resourceGroupName, trackedResource } from "./common.ts";
import { configuration } from "./container-app-configuration.ts";
import { template } from "./container-app-template.ts";
import type { ResourceType } from "../schema.ts";

export const containerApp: ResourceType = {
  token: "azure-native:app:ContainerApp",
  getter: "azure-native:app:getContainerApp",
  apiVersion: "2025-02-02-preview",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.App/containerApps/{containerAppName}",
  parameters: { resourceGroupName, containerAppName: { autoName: "random" } },
  envelope: {
    ...trackedResource,
    extendedLocation: object({ name: string(), type: string() }),
    identity: managedServiceIdentity,
    kind: string({ createOnly }),
    managedBy: string(),
  },
  properties: {
    configuration,
    environmentId: string({ createOnly }),
    managedEnvironmentId: string({ createOnly }),
    patchingConfiguration: object({ patchingMode: string() }),
    template,
    workloadProfileName: string(),
    customDomainVerificationId: string({ readOnly }),
    deploymentErrors: string({ readOnly }),
    eventStreamEndpoint: string({ readOnly }),
    latestReadyRevisionName: string({ readOnly }),
    latestRevisionFqdn: string({ readOnly }),
    latestRevisionName: string({ readOnly }),
    outboundIpAddresses: array(string(), { readOnly }),
    provisioningState: string({ readOnly }),
    runningStatus: string({ readOnly }),
  },
  notEmulated: NOT_EMULATED,
};
