import { anyOf, anythingBut, hasMembers, type Unsupported } from "../not-emulated.ts";
import { CONSUMPTION } from "./constants.ts";

/** Properties of environments that Azure has and the miniature has not: asked for, each is refused by name. */
export const NOT_EMULATED: Unsupported[] = [
  { path: "kind" },
  { path: "identity.type", asks: anythingBut("None") },
  { path: "identity.userAssignedIdentities", asks: hasMembers },
  { path: "properties.appInsightsConfiguration" },
  { path: "properties.appLogsConfiguration.destination", asks: anyOf("azure-monitor"), instead: "Use log-analytics or none." },
  { path: "properties.appLogsConfiguration.logAnalyticsConfiguration.dynamicJsonColumns" },
  { path: "properties.availabilityZones" },
  { path: "properties.customDomainConfiguration.certificateKeyVaultProperties" },
  { path: "properties.customDomainConfiguration.certificatePassword" },
  { path: "properties.customDomainConfiguration.certificateValue" },
  { path: "properties.customDomainConfiguration.dnsSuffix" },
  { path: "properties.daprAIConnectionString" },
  { path: "properties.daprAIInstrumentationKey" },
  { path: "properties.diskEncryptionConfiguration" },
  // What the service chooses by itself begins so, and clients send back what they were answered.
  { path: "properties.infrastructureResourceGroup", asks: (value) => typeof value === "string" && value !== "" && !value.startsWith("ME_") },
  { path: "properties.ingressConfiguration" },
  { path: "properties.openTelemetryConfiguration" },
  { path: "properties.peerAuthentication" },
  { path: "properties.peerTrafficConfiguration" },
  { path: "properties.publicNetworkAccess", asks: anythingBut("Enabled") },
  { path: "properties.vnetConfiguration" },
  { path: "properties.workloadProfiles[].enableFips" },
  { path: "properties.workloadProfiles[].maximumCount", asks: anythingBut(0) },
  { path: "properties.workloadProfiles[].minimumCount", asks: anythingBut(0) },
  { path: "properties.workloadProfiles[].workloadProfileType", asks: anythingBut(CONSUMPTION), instead: `Use ${CONSUMPTION}.` },
  { path: "properties.zoneRedundant" },
];
