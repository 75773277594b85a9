import { ArmError } from "../errors.ts";
import type { ArmDocument } from "../hosts.ts";
import { isAbsent, isEmpty, objectOf, objectsOf, type JsonObject } from "../json.ts";
import type { Desired } from "../service.ts";
import { DEFAULT_POLICIES, DNS_SUFFIX, MAX_NAME_CHARACTERS, MIN_NAME_CHARACTERS, PERMISSION_MODES, REGISTRY_NAME, SKUS } from "./constants.ts";

/** Why a name cannot be a registry's, in the words of checkNameAvailability; undefined when it can. */
export function nameProblem(name: string): string | undefined {
  if (name.length < MIN_NAME_CHARACTERS || name.length > MAX_NAME_CHARACTERS || !REGISTRY_NAME.test(name)) {
    return `Registry names may contain only alpha numeric characters and must be between ${MIN_NAME_CHARACTERS} and ${MAX_NAME_CHARACTERS} characters`;
  }
  return undefined;
}

export function checkRegistryName(name: string): void {
  const problem = nameProblem(name);
  if (problem) throw new ArmError("InvalidResourceName", `The resource name '${name}' is invalid. ${problem}.`);
}

export function alreadyInUse(name: string): ArmError {
  return new ArmError(
    "AlreadyInUse",
    `The registry DNS name ${name.toLowerCase()}.${DNS_SUFFIX} is already in use. You can check if the name is already claimed using following API: ` +
      "https://docs.microsoft.com/en-us/rest/api/containerregistry/registries/checknameavailability",
    409,
  );
}

export function acceptSku(sku: unknown): NonNullable<ArmDocument["sku"]> {
  const name = objectOf(sku)["name"];
  const known = SKUS.find((each) => each.toLowerCase() === String(name).toLowerCase());
  if (!known) throw new ArmError("SkuNotSupported", `The SKU ${isAbsent(name) ? "''" : name} is not supported.`);
  return { name: known, tier: known };
}

/** The settings of a registry with the service's defaults. */
export function acceptRegistry({ properties }: Desired, sku: string): JsonObject {
  checkSkuGates(properties, sku);
  return {
    adminUserEnabled: false,
    anonymousPullEnabled: false,
    dataEndpointEnabled: false,
    dataEndpointHostNames: [],
    policies: DEFAULT_POLICIES,
    privateEndpointConnections: [],
    publicNetworkAccess: "Enabled",
    networkRuleBypassOptions: "AzureServices",
    zoneRedundancy: "Disabled",
    roleAssignmentMode: checkMode(properties["roleAssignmentMode"]),
  };
}

const enabled = (policies: JsonObject, name: string) => String(objectOf(policies[name])["status"]).toLowerCase() === "enabled";

/** Azure docs, registry SKUs: what only Premium has, and anonymous pull, which Basic lacks. */
function checkSkuGates(properties: JsonObject, sku: string): void {
  if (sku === "Premium") return;
  const policies = objectOf(properties["policies"]);
  const network = objectOf(properties["networkRuleSet"]);
  if (properties["publicNetworkAccess"] === "Disabled") {
    throw new ArmError(
      "DisablingPublicNetworkAccessNotSupported",
      `Disabling public network access is not supported for the SKU ${sku}. For more information, please visit https://aka.ms/acr/private-link.`,
    );
  }
  const gated =
    enabled(policies, "quarantinePolicy") ||
    enabled(policies, "retentionPolicy") ||
    enabled(policies, "trustPolicy") ||
    properties["dataEndpointEnabled"] === true ||
    !isEmpty(properties["encryption"]) ||
    network["defaultAction"] === "Deny" ||
    objectsOf(network["ipRules"]).length > 0 ||
    (properties["anonymousPullEnabled"] === true && sku === "Basic");
  if (gated) throw new ArmError("SkuNotSupported", `The SKU ${sku} is not supported.`);
}

function checkMode(mode: unknown): string {
  const known = PERMISSION_MODES.find((each) => each.toLowerCase() === String(mode ?? PERMISSION_MODES[0]).toLowerCase());
  if (known) return known;
  throw new ArmError("InvalidParameter", `The value '${mode}' of roleAssignmentMode is invalid. It must be one of ${PERMISSION_MODES.join(", ")}.`);
}
