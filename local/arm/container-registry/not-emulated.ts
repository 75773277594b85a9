import { anythingBut, hasMembers, type Unsupported } from "../not-emulated.ts";
import { DEFAULT_POLICIES } from "./constants.ts";

const { retentionPolicy, softDeletePolicy, trustPolicy } = DEFAULT_POLICIES;

/** Properties of registries that Azure has and the miniature has not: asked for, each is refused by name. */
export const NOT_EMULATED: Unsupported[] = [
  { path: "identity.principalId" },
  { path: "identity.tenantId" },
  { path: "identity.type", asks: anythingBut("None") },
  { path: "identity.userAssignedIdentities", asks: hasMembers },
  { path: "properties.adminUserEnabled", instead: "Use an identity with AcrPull or AcrPush." },
  { path: "properties.anonymousPullEnabled" },
  { path: "properties.dataEndpointEnabled" },
  { path: "properties.encryption.keyVaultProperties" },
  { path: "properties.encryption.status", asks: anythingBut("disabled") },
  { path: "properties.networkRuleBypassOptions", asks: anythingBut("AzureServices") },
  { path: "properties.networkRuleSet.defaultAction", asks: anythingBut("Allow") },
  { path: "properties.networkRuleSet.ipRules" },
  { path: "properties.policies.azureADAuthenticationAsArmPolicy.status", asks: anythingBut("enabled") },
  { path: "properties.policies.exportPolicy.status", asks: anythingBut("enabled") },
  { path: "properties.policies.quarantinePolicy.status", asks: anythingBut("disabled") },
  { path: "properties.policies.retentionPolicy.days", asks: anythingBut(retentionPolicy.days) },
  { path: "properties.policies.retentionPolicy.status", asks: anythingBut(retentionPolicy.status) },
  { path: "properties.policies.softDeletePolicy.retentionDays", asks: anythingBut(softDeletePolicy.retentionDays) },
  { path: "properties.policies.softDeletePolicy.status", asks: anythingBut(softDeletePolicy.status) },
  { path: "properties.policies.trustPolicy.status", asks: anythingBut(trustPolicy.status) },
  { path: "properties.policies.trustPolicy.type", asks: anythingBut(trustPolicy.type) },
  { path: "properties.publicNetworkAccess", asks: anythingBut("Enabled") },
  { path: "properties.zoneRedundancy", asks: anythingBut("Disabled") },
];
