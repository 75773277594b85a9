import { LOCATION, REGISTRY } from "../../../support/platform-bodies.ts";
import type { Rule } from "./rule.ts";

const OTHER = "Microsoft.ContainerRegistry/registries/other12345";
const CHECK = "$subscription/providers/Microsoft.ContainerRegistry/checkNameAvailability";

const registry = (sku: string, properties: Record<string, unknown> = {}) => () => ({ location: LOCATION, sku: { name: sku }, properties });
const policy = (name: string) => ({ policies: { [name]: { status: "enabled" } } });
const skuNotSupported = (sku: string) => ({ code: "SkuNotSupported", message: `The SKU ${sku} is not supported.` });
const SEEN_SKU = "Azure/bicep-registry-modules issue 1316";

export const registryRules: Rule[] = [
  { rule: "a registry has defaults", path: OTHER, body: registry("Basic"), accepted: { sku: { name: "Basic", tier: "Basic" }, properties: { provisioningState: "Creating", adminUserEnabled: false, publicNetworkAccess: "Enabled", zoneRedundancy: "Disabled", roleAssignmentMode: "LegacyRegistryPermissions", policies: { azureADAuthenticationAsArmPolicy: { status: "enabled" } } } }, source: "Azure REST specification, registries" },
  { rule: "a registry that is ready has its login server", method: "GET", path: REGISTRY, accepted: { properties: { provisioningState: "Succeeded", loginServer: "localhost:5443" } }, source: "local/README.md: not under azurecr.io" },
  { rule: "what the SDK sends by default is accepted", path: OTHER, body: registry("Basic", { adminUserEnabled: false, anonymousPullEnabled: false, networkRuleBypassOptions: "AzureServices", publicNetworkAccess: "Enabled", zoneRedundancy: "Disabled" }), accepted: true, source: "azure-native typings" },
  { rule: "a name has at least 5 characters", path: "Microsoft.ContainerRegistry/registries/abcd", body: registry("Basic"), refused: { code: "InvalidResourceName", message: "The resource name 'abcd' is invalid. Registry names may contain only alpha numeric characters and must be between 5 and 50 characters." }, source: "rule: Azure REST specification; text after Azure CLI" },
  { rule: "a name has no hyphen", path: "Microsoft.ContainerRegistry/registries/my-registry", body: registry("Basic"), refused: { code: "InvalidResourceName", message: /^The resource name 'my-registry' is invalid/ }, source: "rule: Azure REST specification; text after Azure CLI" },
  { rule: "a name has at most 50 characters", path: `Microsoft.ContainerRegistry/registries/${"a".repeat(51)}`, body: registry("Basic"), refused: { code: "InvalidResourceName", message: /between 5 and 50 characters\.$/ }, source: "rule: Azure REST specification; text after Azure CLI" },
  { rule: "an SKU is Basic, Standard or Premium", path: OTHER, body: registry("Huge"), refused: skuNotSupported("Huge"), source: `code: ${SEEN_SKU}; assumed for unknown SKUs` },
  { rule: "an SKU must be given", path: OTHER, body: () => ({ location: LOCATION }), refused: skuNotSupported("''"), source: "assumed" },
  { rule: "an SKU can be changed", path: REGISTRY, body: registry("Standard"), accepted: { sku: { name: "Standard" }, properties: { provisioningState: "Updating" } }, source: "Azure docs, registry SKUs, changing tiers" },
  { rule: "a name that another group has is taken, whatever its case", path: "$subscription/resourceGroups/two/providers/Microsoft.ContainerRegistry/registries/WHARF12345", given: [{ path: "$subscription/resourceGroups/two", body: () => ({ location: LOCATION }) }], body: registry("Basic"), refused: { status: 409, code: "AlreadyInUse", message: "The registry DNS name wharf12345.azurecr.io is already in use. You can check if the name is already claimed using following API: https://docs.microsoft.com/en-us/rest/api/containerregistry/registries/checknameavailability" }, source: "MicrosoftDocs/azure-dev-docs issue 1303" },
  { rule: "public access is closed in Premium only", path: OTHER, body: registry("Basic", { publicNetworkAccess: "Disabled" }), refused: { code: "DisablingPublicNetworkAccessNotSupported", message: "Disabling public network access is not supported for the SKU Basic. For more information, please visit https://aka.ms/acr/private-link." }, source: "seen: DisablingPublicNetworkAccessNotSupported" },
  { rule: "quarantine is for Premium", path: OTHER, body: registry("Basic", policy("quarantinePolicy")), refused: skuNotSupported("Basic"), source: SEEN_SKU },
  { rule: "retention is for Premium", path: OTHER, body: registry("Standard", policy("retentionPolicy")), refused: skuNotSupported("Standard"), source: "rule: Azure docs, registry SKUs; code as for quarantine" },
  { rule: "content trust is for Premium", path: OTHER, body: registry("Standard", policy("trustPolicy")), refused: skuNotSupported("Standard"), source: "rule: Azure docs, registry SKUs; code as for quarantine" },
  { rule: "network rules are for Premium", path: OTHER, body: registry("Standard", { networkRuleSet: { defaultAction: "Deny" } }), refused: skuNotSupported("Standard"), source: "rule: Azure docs, registry SKUs; code as for quarantine" },
  { rule: "a data endpoint is for Premium", path: OTHER, body: registry("Standard", { dataEndpointEnabled: true }), refused: skuNotSupported("Standard"), source: "rule: Azure docs, registry SKUs; code as for quarantine" },
  { rule: "anonymous pull is not for Basic", path: OTHER, body: registry("Basic", { anonymousPullEnabled: true }), refused: skuNotSupported("Basic"), source: "rule: Azure docs, anonymous pull access; code as for quarantine" },
  { rule: "repository permissions can be chosen", path: OTHER, body: registry("Basic", { roleAssignmentMode: "AbacRepositoryPermissions" }), accepted: { properties: { roleAssignmentMode: "AbacRepositoryPermissions" } }, source: "Azure docs, repository permissions" },
  { rule: "a free name is available", method: "POST", path: CHECK, body: () => ({ name: "free12345", type: "Microsoft.ContainerRegistry/registries" }), accepted: { nameAvailable: true }, source: "Azure docs, Registries - Check Name Availability" },
  { rule: "a taken name is not available", method: "POST", path: CHECK, body: () => ({ name: "wharf12345", type: "Microsoft.ContainerRegistry/registries" }), accepted: { nameAvailable: false, reason: "AlreadyExists", message: "The registry wharf12345 is already in use." }, source: "Azure docs, Registries - Check Name Availability" },
  { rule: "a name that cannot be is not available", method: "POST", path: CHECK, body: () => ({ name: "no-no", type: "Microsoft.ContainerRegistry/registries" }), accepted: { nameAvailable: false, reason: "Invalid" }, source: "Azure docs, Registries - Check Name Availability" },
];
