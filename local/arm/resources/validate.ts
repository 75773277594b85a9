import { ArmError } from "../errors.ts";
import type { ArmDocument } from "../hosts.ts";
import { normalizeLocation } from "../locations.ts";
import { GROUP_NAME, MAX_GROUP_NAME_CHARACTERS } from "./constants.ts";

export function checkGroupName(name: string): void {
  if (name.length > MAX_GROUP_NAME_CHARACTERS) {
    throw new ArmError(
      "InvalidResourceGroup",
      `The provided resource group name '${name}' has ${name.length} characters, which exceeds the maximum length of ${MAX_GROUP_NAME_CHARACTERS}.`,
    );
  }
  if (!GROUP_NAME.test(name)) {
    throw new ArmError(
      "InvalidResourceGroup",
      `The provided resource group name '${name}' is not valid. The name can only be a letter, digit, '-', '.', '(', ')' or '_', and cannot end with '.'.`,
    );
  }
}

export function checkGroupLocation(existing: ArmDocument, location: string): void {
  if (normalizeLocation(existing.location ?? "") === location) return;
  throw new ArmError(
    "InvalidResourceGroupLocation",
    `Invalid resource group location '${location}'. The Resource group already exists in location '${existing.location}'.`,
    409,
  );
}
