import { NOT_EMULATED } from "../../../arm/managed-environments/not-emulated.ts";
import { array, boolean, createOnly, integer, object, readOnly, required, string, writeOnly } from "../schema.ts";
import { managedServiceIdentity, resourceGroupName, trackedResource } from "./common.ts";
import type { ResourceType } from "../schema.ts";

const destinations = array(string());
const version = string({ readOnly });

export const managedEnvironment: ResourceType = {
  token: "azure-native:app:ManagedEnvironment",
  getter: "azure-native:app:getManagedEnvironment",
  apiVersion: "2025-02-02-preview",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.App/managedEnvironments/{environmentName}",
  parameters: { resourceGroupName, environmentName: { autoName: "random" } },
  envelope: { ...trackedResource, kind: string(), identity: managedServiceIdentity },
  properties: {
    appInsightsConfiguration: object({ connectionString: string() }),
    appLogsConfiguration: object({
      destination: string(),
      logAnalyticsConfiguration: object({ customerId: string(), dynamicJsonColumns: boolean(), sharedKey: string({ writeOnly }) }),
    }),
    availabilityZones: array(string()),
    customDomainConfiguration: object({
      certificateKeyVaultProperties: object({ identity: string(), keyVaultUrl: string() }),
      certificatePassword: string(),
      certificateValue: string(),
      customDomainVerificationId: string({ readOnly }),
      dnsSuffix: string({ createOnly }),
      expirationDate: string({ readOnly }),
      subjectName: string({ readOnly }),
      thumbprint: string({ readOnly }),
    }),
    daprAIConnectionString: string(),
    daprAIInstrumentationKey: string(),
    daprConfiguration: object({ version }, { readOnly }),
    diskEncryptionConfiguration: object({ keyVaultConfiguration: object({ auth: object({ identity: string() }), keyUrl: string() }) }),
    infrastructureResourceGroup: string({ createOnly }),
    ingressConfiguration: object({
      headerCountLimit: integer(),
      requestIdleTimeout: integer(),
      scale: object({ maxReplicas: integer(), minReplicas: integer() }),
      terminationGracePeriodSeconds: integer(),
      workloadProfileName: string(),
    }),
    kedaConfiguration: object({ version }, { readOnly }),
    openTelemetryConfiguration: object({
      destinationsConfiguration: object({
        dataDogConfiguration: object({ key: string(), site: string() }),
        otlpConfigurations: array(
          object({
            endpoint: string(),
            headers: array(object({ key: string(), value: string() }), { key: ["key"] }),
            insecure: boolean(),
            name: string(),
          }),
          { key: ["name"] },
        ),
      }),
      logsConfiguration: object({ destinations }),
      metricsConfiguration: object({ destinations, includeKeda: boolean() }),
      tracesConfiguration: object({ destinations, includeDapr: boolean() }),
    }),
    peerAuthentication: object({ mtls: object({ enabled: boolean() }) }),
    peerTrafficConfiguration: object({ encryption: object({ enabled: boolean() }) }),
    publicNetworkAccess: string(),
    vnetConfiguration: object({
      dockerBridgeCidr: string({ createOnly }),
      infrastructureSubnetId: string({ createOnly }),
      internal: boolean({ createOnly }),
      platformReservedCidr: string({ createOnly }),
      platformReservedDnsIP: string({ createOnly }),
    }),
    workloadProfiles: array(
      object({
        enableFips: boolean(),
        maximumCount: integer(),
        minimumCount: integer(),
        name: string({ required }),
        workloadProfileType: string({ required }),
      }),
      { key: ["name"] },
    ),
    zoneRedundant: boolean({ createOnly }),
    defaultDomain: string({ readOnly }),
    deploymentErrors: string({ readOnly }),
    eventStreamEndpoint: string({ readOnly }),
    privateEndpointConnections: array(object({ id: string(), name: string(), type: string() }), { readOnly }),
    privateLinkDefaultDomain: string({ readOnly }),
    provisioningState: string({ readOnly }),
    staticIp: string({ readOnly }),
  },
  notEmulated: NOT_EMULATED,
};
