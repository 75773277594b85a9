import type { PropertyValue } from "../../../../../local/providers/grpc/property-values.ts";
import type { World } from "../../../../support/arm-world.ts";
import { appBody, ENVIRONMENT, IDENTITY, REGISTRY } from "../../../../support/platform-bodies.ts";

type Values = Record<string, PropertyValue>;

/** A resource type as a program uses it: the least that it must say, and values that mean something. */
export interface Example {
  /** `app/containerApp` in the SDK. */
  typings: string;
  token: string;
  /** What must be there besides the platform. */
  given?(world: World): Promise<unknown>;
  /** Values by path; a world has the ids. */
  least(world: World): Values;
  /** For a property whose type alone does not tell a value that Azure takes. */
  values?(world: World): Values;
  /** What else a property needs beside it. */
  beside?(world: World): Record<string, Values>;
  /** ARM never answers these; each with the test that shows its effect. */
  writeOnly?: Record<string, string>;
}

const GUID = "11111111-2222-3333-4444-555555555555";
const here = { resourceGroupName: "rg", location: "westeurope" };
const CONTAINER = "template.containers[0]";
const PROBE = `${CONTAINER}.probes[0]`;
const VOLUME = "template.volumes[0]";
const LOGS = "appLogsConfiguration.logAnalyticsConfiguration";
const FILE = "properties.azureFile";
const ROUTE_RULE = "properties.rules[0]";
const MATCH = `${ROUTE_RULE}.routes[0].match`;
const TARGET = `${ROUTE_RULE}.targets[0]`;

export const EXAMPLES: Example[] = [
  { typings: "resources/resourceGroup", token: "azure-native:resources:ResourceGroup", least: () => ({ resourceGroupName: "new", location: "westeurope" }) },
  {
    typings: "managedidentity/userAssignedIdentity",
    token: "azure-native:managedidentity:UserAssignedIdentity",
    least: () => ({ ...here, resourceName: "new" }),
  },
  {
    typings: "authorization/roleAssignment",
    token: "azure-native:authorization:RoleAssignment",
    least: (world) => ({
      scope: world.idOf(REGISTRY),
      roleAssignmentName: GUID,
      principalId: GUID,
      principalType: "ServicePrincipal",
      roleDefinitionId: `/subscriptions/${world.tenant.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d`,
    }),
  },
  {
    typings: "operationalinsights/workspace",
    token: "azure-native:operationalinsights:Workspace",
    least: () => ({ ...here, workspaceName: "fresh" }),
    values: () => ({ retentionInDays: 60, "sku.name": "PerGB2018" }),
  },
  {
    typings: "containerregistry/registry",
    token: "azure-native:containerregistry:Registry",
    least: () => ({ ...here, registryName: "fresh12345", "sku.name": "Premium" }),
  },
  {
    typings: "app/managedEnvironment",
    token: "azure-native:app:ManagedEnvironment",
    least: () => ({ ...here, environmentName: "fresh" }),
    values: () => ({ "appLogsConfiguration.destination": "none", "workloadProfiles[0].workloadProfileType": "Consumption" }),
    beside: () => {
      const logs = { "appLogsConfiguration.destination": "log-analytics", [`${LOGS}.customerId`]: GUID, [`${LOGS}.sharedKey`]: "a2V5" };
      return { [LOGS]: logs };
    },
    writeOnly: { [`${LOGS}.sharedKey`]: "test/local/arm/rules/managed-environments.ts: the key is sent with every PUT" },
  },
  {
    typings: "app/managedEnvironmentsStorage",
    token: "azure-native:app:ManagedEnvironmentsStorage",
    least: () => ({ resourceGroupName: "rg", environmentName: "env", storageName: "fresh" }),
    values: () => ({ [`${FILE}.accessMode`]: "ReadWrite" }),
    beside: () => {
      const file = { [`${FILE}.accessMode`]: "ReadOnly", [`${FILE}.accountKey`]: "a2V5", [`${FILE}.accountName`]: "account", [`${FILE}.shareName`]: "share" };
      return { storageName: file, [FILE]: file };
    },
    writeOnly: { [`${FILE}.accountKey`]: "test/local/arm/rules/managed-environment-storages.ts: a key is given" },
  },
  {
    typings: "app/httpRouteConfig",
    token: "azure-native:app:HttpRouteConfig",
    given: (world) => world.must("PUT", "Microsoft.App/containerApps/text", appBody(world)),
    least: () => ({ resourceGroupName: "rg", environmentName: "env", httpRouteName: "fresh" }),
    values: () => ({
      [`${ROUTE_RULE}.routes[0].action.prefixRewrite`]: "/text",
      [`${MATCH}.caseSensitive`]: false,
      [`${MATCH}.path`]: "/text",
      [`${MATCH}.pathSeparatedPrefix`]: "/text",
      [`${MATCH}.prefix`]: "/text",
      [`${TARGET}.weight`]: 100,
    }),
    beside: () => {
      const target = { [`${TARGET}.containerApp`]: "text" };
      return { [ROUTE_RULE]: { ...target, [`${MATCH}.prefix`]: "/" }, [`${MATCH}.path`]: target, [`${MATCH}.pathSeparatedPrefix`]: target };
    },
  },
  {
    typings: "app/containerApp",
    token: "azure-native:app:ContainerApp",
    given: (world) => world.must("PUT", `${ENVIRONMENT}/storages/text`, { properties: { azureFile: { accountName: "account", accountKey: "a2V5", shareName: "share", accessMode: "ReadWrite" } } }),
    least: (world) => ({ ...here, containerAppName: "fresh", environmentId: world.idOf(ENVIRONMENT), [`${CONTAINER}.name`]: "fresh", [`${CONTAINER}.image`]: "fresh:1" }),
    values: (world) => ({
      managedEnvironmentId: world.idOf(ENVIRONMENT),
      workloadProfileName: "Consumption",
      "identity.type": "UserAssigned",
      "identity.userAssignedIdentities[0]": world.idOf(IDENTITY),
      "configuration.activeRevisionsMode": "Multiple",
      "configuration.identitySettings[0].identity": world.idOf(IDENTITY),
      "configuration.identitySettings[0].lifecycle": "None",
      "configuration.ingress.ipSecurityRestrictions[0].action": "Deny",
      "configuration.ingress.ipSecurityRestrictions[0].ipAddressRange": "10.0.0.0/8",
      "configuration.ingress.targetPort": 8000,
      "configuration.ingress.traffic[0].revisionName": "fresh--v1",
      "configuration.ingress.traffic[0].weight": 100,
      "configuration.ingress.transport": "Http",
      "configuration.registries[0].identity": world.idOf(IDENTITY),
      "configuration.registries[0].server": "localhost:5443",
      "template.revisionSuffix": "v1",
      [`${CONTAINER}.env[0].secretRef`]: "text",
      [`${CONTAINER}.resources.cpu`]: 0.5,
      [`${CONTAINER}.resources.memory`]: "0.5Gi",
      [`${PROBE}.httpGet.scheme`]: "HTTPS",
      [`${PROBE}.type`]: "Readiness",
      [`${CONTAINER}.volumeMounts[0].mountPath`]: "/text",
      [`${VOLUME}.storageType`]: "AzureFile",
      "template.scale.rules[0].http.metadata.key": "5",
    }),
    beside(world) {
      const identity = { "identity.type": "UserAssigned", "identity.userAssignedIdentities[0]": world.idOf(IDENTITY), "configuration.identitySettings[0].identity": world.idOf(IDENTITY), "configuration.identitySettings[0].lifecycle": "None" };
      const port = { "configuration.ingress.targetPort": 8000 };
      const secret = { "configuration.secrets[0].name": "text", "configuration.secrets[0].value": "hidden" };
      const probe = { [`${PROBE}.type`]: "Readiness" };
      const http = { ...probe, [`${PROBE}.httpGet.port`]: 8000 };
      const share = { [`${VOLUME}.name`]: "text", [`${VOLUME}.storageName`]: "text", [`${VOLUME}.storageType`]: "AzureFile" };
      const multiple = { ...port, "configuration.activeRevisionsMode": "Multiple", "template.revisionSuffix": "v1" };
      return {
        identity,
        "configuration.identitySettings": identity,
        "configuration.ingress": port,
        "configuration.ingress.traffic[0].label": { ...multiple, "configuration.ingress.traffic[0].latestRevision": true, "configuration.ingress.traffic[0].weight": 100 },
        "configuration.ingress.traffic[0].latestRevision": { ...multiple, "configuration.ingress.traffic[0].weight": 100 },
        "configuration.ingress.traffic[0].revisionName": { ...multiple, "configuration.ingress.traffic[0].weight": 100 },
        "configuration.ingress.traffic[0].weight": { ...multiple, "configuration.ingress.traffic[0].latestRevision": true },
        "configuration.registries": { ...identity, "configuration.registries[0].server": "localhost:5443", "configuration.registries[0].identity": world.idOf(IDENTITY) },
        "configuration.secrets": secret,
        [`${CONTAINER}.env`]: { ...secret, [`${CONTAINER}.env[0].name`]: "NAME" },
        [`${CONTAINER}.resources.cpu`]: { [`${CONTAINER}.resources.memory`]: "1Gi" },
        [PROBE]: http,
        [`${PROBE}.tcpSocket`]: { ...probe, [`${PROBE}.tcpSocket.port`]: 8000 },
        [`${CONTAINER}.volumeMounts`]: { ...share, [`${CONTAINER}.volumeMounts[0].mountPath`]: "/data", [`${CONTAINER}.volumeMounts[0].volumeName`]: "text" },
        [VOLUME]: share,
        [`${VOLUME}.secrets`]: { ...secret, [`${VOLUME}.name`]: "text", [`${VOLUME}.storageType`]: "Secret", [`${VOLUME}.secrets[0].secretRef`]: "text" },
        "template.scale.rules[0].name": { "template.scale.rules[0].http": {} },
        "template.scale.rules[0].http": { "template.scale.rules[0].name": "text" },
      };
    },
    writeOnly: { "configuration.secrets[0].value": "test/local/arm/rules/container-apps.ts: the values of secrets are told by POST" },
  },
];
