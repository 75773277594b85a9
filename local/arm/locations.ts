import { ArmError } from "./errors.ts";

/** Regions that have Container Apps. The list of Azure grows; this one is of 2026 and the miniature's alone. */
const LOCATIONS = new Set(
  `australiacentral australiaeast australiasoutheast austriaeast belgiumcentral brazilsouth canadacentral canadaeast centralindia centralus
  chilecentral eastasia eastus eastus2 francecentral germanynorth germanywestcentral indonesiacentral israelcentral italynorth japaneast
  japanwest jioindiawest koreacentral malaysiawest mexicocentral newzealandnorth northcentralus northeurope norwayeast polandcentral
  qatarcentral southafricanorth southcentralus southeastasia southindia spaincentral swedencentral switzerlandnorth switzerlandwest uaenorth
  uksouth ukwest westcentralus westeurope westindia westus westus2 westus3`.split(/\s+/),
);

/** `West US 2` and `westus2` are one place. */
export function normalizeLocation(location: string): string {
  return location.toLowerCase().replace(/\s+/g, "");
}

/** @throws ArmError `LocationRequired` (ARM), `LocationNotAvailableForResourceType` (Azure docs, region availability errors) */
export function checkLocation(location: unknown, type: string): string {
  if (typeof location !== "string" || location.trim() === "") {
    throw new ArmError("LocationRequired", "The location property is required for this definition.");
  }
  const normalized = normalizeLocation(location);
  if (!LOCATIONS.has(normalized)) {
    throw new ArmError(
      "LocationNotAvailableForResourceType",
      `The provided location '${location}' is not available for resource type '${type}'. ` +
        `List of available regions for the resource type is '${[...LOCATIONS].join(",")}'.`,
    );
  }
  return normalized;
}
