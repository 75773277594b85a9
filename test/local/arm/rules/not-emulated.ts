import type { JsonObject } from "../../../../local/arm/json.ts";
import type { World } from "../../../support/arm-world.ts";
import { appBody, appWithContainer, IDENTITY, LOCATION, REGISTRY, WORKSPACE } from "../../../support/platform-bodies.ts";
import type { Rule } from "./rule.ts";

const APP = "Microsoft.App/containerApps/weather";
const ENVIRONMENT = "Microsoft.App/managedEnvironments/other";
const ASSIGNMENT = `${REGISTRY}/providers/Microsoft.Authorization/roleAssignments/11111111-2222-3333-4444-555555555555`;
const STRANGER = "aaaaaaaa-2222-3333-4444-555555555555";
const SOURCE = "local/README.md";

const escaped = (text: string) => text.replace(/[.[\]()$]/g, "\\$&");

/** A request that Azure accepts, and the property for which the miniature refuses it. */
function lacks(path: string, body: Rule["body"], property: string, advice = ""): Rule {
  const type = /providers\/Microsoft\.Authorization/.test(path) ? "role assignments" : path.split("/").at(-2) || "groups";
  return {
    rule: `${property} of ${type} is not emulated${advice && `: ${advice}`}`,
    path,
    ...(body && { body }),
    refused: { status: 501, code: "NotEmulated", message: new RegExp(`^Azure in miniature does not emulate, of \\S+: .*'${escaped(property)}'\\. ${escaped(advice)}.*See local/README\\.md#not-emulated$`) },
    source: SOURCE,
  };
}

/** `{a: {b: value}}` for `a.b`. */
const at = (path: string, value: unknown): JsonObject => path.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as JsonObject;

const app = (property: string, value: unknown, advice?: string) => lacks(APP, (world) => appBody(world, at(property, value)), property, advice);
const setting = (property: string, value: unknown, advice?: string) => app(`properties.configuration.${property}`, value, advice);
const inList = (list: string, item: JsonObject, property: string, advice?: string) =>
  lacks(APP, (world) => appBody(world, at(`properties.${list}`, [item])), `properties.${list}[0].${property}`, advice);
const container = (property: string, change: JsonObject, advice?: string) => lacks(APP, (world) => appWithContainer(world, change), `properties.template.containers[0].${property}`, advice);
const probe = (property: string, change: JsonObject, advice?: string) => container(`probes[0].${property}`, { probes: [{ type: "Liveness", ...change }] }, advice);
const rule = (property: string, kind: JsonObject, advice?: string) => inList("template.scale.rules", { name: "more", ...kind }, property, advice);
const environment = (property: string, value: unknown, advice?: string) => lacks(ENVIRONMENT, () => ({ location: LOCATION, ...at(property, value) }), property, advice);
const profile = (property: string, value: unknown, advice?: string) =>
  lacks(ENVIRONMENT, () => ({ location: LOCATION, properties: { workloadProfiles: [{ name: "big", workloadProfileType: "Consumption", [property]: value }] } }), `properties.workloadProfiles[0].${property}`, advice);
const registry = (property: string, value: unknown, advice?: string) => lacks(REGISTRY, () => ({ location: LOCATION, sku: { name: "Premium" }, ...at(property, value) }), property, advice);
const workspace = (property: string, value: unknown, advice?: string) => lacks(WORKSPACE, () => ({ location: LOCATION, ...at(property, value) }), property, advice);
const assignment = (property: string, value: unknown, advice?: string) =>
  lacks(ASSIGNMENT, () => ({ properties: { principalId: STRANGER, principalType: "ServicePrincipal", roleDefinitionId: "7f951dda-4ed3-4680-a7ca-43fe172d538d", [property]: value } }), `properties.${property}`, advice);

const lifecycle = (settings: (id: string) => unknown, advice: RegExp): Rule => ({
  rule: `an identity that containers could use is not emulated: ${advice.source}`,
  path: APP,
  body: (world: World) => appBody(world, { properties: { configuration: { identitySettings: settings(world.idOf(IDENTITY)) } } }),
  refused: { status: 501, code: "NotEmulated", message: advice },
  source: SOURCE,
});

export const notEmulatedRules: Rule[] = [
  app("extendedLocation", { name: "here", type: "CustomLocation" }),
  app("kind", "workflowapp"),
  app("managedBy", "/somebody"),
  app("identity.type", "SystemAssigned,UserAssigned", "Use a user-assigned identity."),
  lifecycle(() => null, /'identity\.userAssignedIdentities'\. '.*puller' has the lifecycle 'All': set configuration\.identitySettings to \{ "identity": ".*puller", "lifecycle": "None" \}/),
  lifecycle((identity) => [{ identity, lifecycle: "Main" }], /'.*puller' has the lifecycle 'Main': set/),
  app("properties.patchingConfiguration", { patchingMode: "Automatic" }),
  setting("activeRevisionsMode", "Labels", "Use Single or Multiple."),
  setting("dapr", { enabled: true }),
  inList("configuration.registries", { server: "localhost:5443", identity: "system" }, "identity", "Use a user-assigned identity."),
  inList("configuration.registries", { server: "localhost:5443", username: "me", passwordSecretRef: "key" }, "passwordSecretRef", "Use an identity with AcrPull."),
  inList("configuration.registries", { server: "localhost:5443", username: "me", passwordSecretRef: "key" }, "username", "Use an identity with AcrPull."),
  setting("revisionTransitionThreshold", 50),
  setting("runtime", { java: { enableMetrics: true } }),
  inList("configuration.secrets", { name: "key", keyVaultUrl: "https://vault/secrets/key", identity: "System" }, "identity", "Give the secret a value."),
  inList("configuration.secrets", { name: "key", keyVaultUrl: "https://vault/secrets/key", identity: "System" }, "keyVaultUrl", "Give the secret a value."),
  setting("service", { type: "redis" }),
  setting("targetLabel", "blue"),
  setting("ingress.additionalPortMappings", [{ external: false, targetPort: 9000 }]),
  setting("ingress.clientCertificateMode", "require"),
  setting("ingress.corsPolicy", { allowedOrigins: ["*"] }, "Answer CORS requests in the app."),
  setting("ingress.customDomains", [{ name: "example.com" }]),
  setting("ingress.exposedPort", 9000),
  setting("ingress.stickySessions.affinity", "sticky"),
  setting("ingress.targetPortHttpScheme", "https"),
  setting("ingress.transport", "tcp", "Use auto or http."),
  setting("ingress.transport", "http2", "Use auto or http."),
  lacks(APP, (world) => appBody(world, at("properties.template.containers", ["one", "two"].map((name) => ({ name, image: "one:1", resources: { cpu: 0.25, memory: "0.5Gi" } })))), "properties.template.containers", "Use one container."),
  container("imageType", { imageType: "CloudBuild" }, "Use ContainerImage."),
  probe("httpGet.host", { httpGet: { port: 8000, host: "tool.example" } }, "Give a Host header in httpHeaders."),
  probe("tcpSocket.host", { tcpSocket: { port: 8000, host: "tool.example" } }),
  probe("terminationGracePeriodSeconds", { tcpSocket: { port: 8000 }, terminationGracePeriodSeconds: 5 }, "Use template.terminationGracePeriodSeconds."),
  container("resources.gpu", { resources: { gpu: 1 } }),
  lacks(APP, (world) => appWithContainer(world, { volumeMounts: [{ volumeName: "data", mountPath: "/data", subPath: "notes" }] }, at("properties.template.volumes", [{ name: "data", storageType: "EmptyDir" }])), "properties.template.containers[0].volumeMounts[0].subPath"),
  app("properties.template.initContainers", [{ name: "init", image: "init:1" }]),
  rule("azureQueue", { azureQueue: { queueName: "work", queueLength: 5 } }, "Use an http rule."),
  rule("custom", { custom: { type: "cron", metadata: {} } }, "Use an http rule."),
  rule("http.auth", { http: { auth: [{ secretRef: "key", triggerParameter: "x" }] } }),
  rule("http.identity", { http: { identity: "system" } }),
  rule("http.metadata", { http: { metadata: { concurrentRequests: "5", activationLagThreshold: "1" } } }, "Use concurrentRequests alone."),
  rule("tcp", { tcp: { metadata: { concurrentConnections: "5" } } }, "Use an http rule."),
  app("properties.template.serviceBinds", [{ serviceId: "/service", name: "redis" }]),
  inList("template.volumes", { name: "data", storageType: "NfsAzureFile", storageName: "data" }, "storageType", "Use AzureFile, EmptyDir, Secret."),
  inList("template.volumes", { name: "data", storageType: "Smb", storageName: "data" }, "storageType", "Use AzureFile, EmptyDir, Secret."),

  environment("kind", "functions"),
  environment("identity.type", "SystemAssigned"),
  environment("identity.userAssignedIdentities", { "/identity": {} }),
  environment("properties.appInsightsConfiguration", { connectionString: "x" }),
  environment("properties.appLogsConfiguration.destination", "azure-monitor", "Use log-analytics or none."),
  lacks(ENVIRONMENT, () => ({ location: LOCATION, properties: { appLogsConfiguration: { destination: "log-analytics", logAnalyticsConfiguration: { customerId: STRANGER, sharedKey: "a2V5", dynamicJsonColumns: true } } } }), "properties.appLogsConfiguration.logAnalyticsConfiguration.dynamicJsonColumns"),
  environment("properties.availabilityZones", ["1"]),
  environment("properties.customDomainConfiguration.certificateKeyVaultProperties", { keyVaultUrl: "https://vault" }),
  environment("properties.customDomainConfiguration.certificatePassword", "x"),
  environment("properties.customDomainConfiguration.certificateValue", "x"),
  environment("properties.customDomainConfiguration.dnsSuffix", "example.com"),
  environment("properties.daprAIConnectionString", "x"),
  environment("properties.daprAIInstrumentationKey", "x"),
  environment("properties.diskEncryptionConfiguration", { keyVaultConfiguration: { keyUrl: "https://vault" } }),
  environment("properties.infrastructureResourceGroup", "mine"),
  environment("properties.ingressConfiguration", { requestIdleTimeout: 10 }),
  environment("properties.openTelemetryConfiguration", { tracesConfiguration: { includeDapr: true } }),
  environment("properties.peerAuthentication", { mtls: { enabled: true } }),
  environment("properties.peerTrafficConfiguration", { encryption: { enabled: true } }),
  environment("properties.publicNetworkAccess", "Disabled"),
  environment("properties.vnetConfiguration", { infrastructureSubnetId: "/subscriptions/s/subnet" }),
  profile("enableFips", true),
  profile("maximumCount", 2),
  profile("minimumCount", 1),
  profile("workloadProfileType", "D4", "Use Consumption."),
  environment("properties.zoneRedundant", true),

  registry("identity.principalId", STRANGER),
  registry("identity.tenantId", STRANGER),
  registry("identity.type", "SystemAssigned"),
  registry("identity.userAssignedIdentities", { "/identity": {} }),
  registry("properties.adminUserEnabled", true, "Use an identity with AcrPull or AcrPush."),
  registry("properties.anonymousPullEnabled", true),
  registry("properties.dataEndpointEnabled", true),
  registry("properties.encryption.keyVaultProperties", { keyIdentifier: "https://vault/key" }),
  registry("properties.encryption.status", "enabled"),
  registry("properties.networkRuleBypassOptions", "None"),
  registry("properties.networkRuleSet.defaultAction", "Deny"),
  registry("properties.networkRuleSet.ipRules", [{ value: "10.0.0.1" }]),
  registry("properties.policies.azureADAuthenticationAsArmPolicy.status", "disabled"),
  registry("properties.policies.exportPolicy.status", "disabled"),
  registry("properties.policies.quarantinePolicy.status", "enabled"),
  registry("properties.policies.retentionPolicy.days", 30),
  registry("properties.policies.retentionPolicy.status", "enabled"),
  registry("properties.policies.softDeletePolicy.retentionDays", 30),
  registry("properties.policies.softDeletePolicy.status", "enabled"),
  registry("properties.policies.trustPolicy.status", "enabled"),
  registry("properties.policies.trustPolicy.type", "Cosign"),
  registry("properties.publicNetworkAccess", "Disabled"),
  registry("properties.zoneRedundancy", "Enabled"),

  workspace("identity.type", "SystemAssigned"),
  workspace("identity.userAssignedIdentities", { "/identity": {} }),
  workspace("properties.defaultDataCollectionRuleResourceId", "/rule"),
  workspace("properties.features.clusterResourceId", "/cluster"),
  workspace("properties.features.disableLocalAuth", true),
  workspace("properties.features.enableDataExport", true),
  workspace("properties.features.enableLogAccessUsingOnlyResourcePermissions", false),
  workspace("properties.features.immediatePurgeDataOn30Days", true),
  workspace("properties.forceCmkForQuery", true),
  workspace("properties.publicNetworkAccessForIngestion", "Disabled"),
  workspace("properties.publicNetworkAccessForQuery", "Disabled"),
  workspace("properties.sku.capacityReservationLevel", 100),
  workspace("properties.sku.name", "Standalone", "Use PerGB2018."),
  workspace("properties.workspaceCapping.dailyQuotaGb", 1),

  lacks("$group", () => ({ location: LOCATION, managedBy: "/somebody" }), "managedBy"),

  assignment("condition", "true", "Leave the condition out."),
  assignment("conditionVersion", "2.0", "Leave the condition out."),
  assignment("delegatedManagedIdentityResourceId", "/identity"),
  assignment("roleDefinitionId", STRANGER, "It knows Owner, Contributor"),

  { rule: "all that is not emulated is named at once", path: APP, body: (world) => appBody(world, { kind: "functionapp", properties: { configuration: { service: { type: "redis" }, dapr: { enabled: true } } } }), refused: { status: 501, code: "NotEmulated", message: "Azure in miniature does not emulate, of Microsoft.App/containerApps: 'kind'. 'properties.configuration.dapr'. 'properties.configuration.service'. See local/README.md#not-emulated" }, source: SOURCE },
  { rule: "what Azure refuses is refused in Azure's words although it is not emulated either", path: APP, body: (world) => appBody(world, { properties: { configuration: { ingress: { transport: "tcp", targetPort: 0 } } } }), refused: { code: "ContainerAppInvalidIngressTargetPort", message: /targetPort/ }, source: SOURCE },
  { rule: "what the SDKs and portals send for nothing asks for nothing", path: APP, body: (world) => appBody(world, { properties: { configuration: { dapr: { enabled: false }, runtime: null, service: null, ingress: { exposedPort: 0, clientCertificateMode: "Ignore", corsPolicy: null, customDomains: [], targetPortHttpScheme: "http", stickySessions: { affinity: "none" } } }, template: { initContainers: [], serviceBinds: null, volumes: [] } } }), accepted: true, source: "seen in answers of Azure" },
  { rule: "what an environment answers can be sent back", path: ENVIRONMENT, body: () => ({ location: LOCATION, identity: { type: "None" }, properties: { infrastructureResourceGroup: "ME_other_rg_westeurope", publicNetworkAccess: "Enabled", zoneRedundant: false, peerAuthentication: { mtls: { enabled: false } }, customDomainConfiguration: { customDomainVerificationId: "ABC" } } }), accepted: true, source: "assumed" },
];
