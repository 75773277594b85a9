import { ArmError } from "../errors.ts";
import { objectOf, type JsonObject } from "../json.ts";
import { ACCESS_MODES, ACCOUNT_NAME, SHARE_NAME, STORAGE_NAME, type AccessMode } from "./constants.ts";

/** Which share of which account is mounted, and how. The account's key is looked at and forgotten: nothing here asks an account. */
export interface AzureFile {
  accountName: string;
  shareName: string;
  accessMode: AccessMode;
}

export function checkStorageName(name: string): void {
  if (STORAGE_NAME.test(name)) return;
  throw new ArmError(
    "ManagedEnvironmentStorageInvalidName",
    `Invalid managed environment storage name '${name}'. A name must consist of lower case alphanumeric characters or '-', start with an alphabetic character, ` +
      "and end with an alphanumeric character and cannot have '--'. The length must not be more than 32 characters.",
  );
}

/** @param existing of the same name: only its key may change */
export function acceptStorage(name: string, properties: JsonObject, existing: AzureFile | undefined): AzureFile {
  const given = objectOf(properties["azureFile"]);
  const mode = ACCESS_MODES.find((each) => each.toLowerCase() === String(given["accessMode"]).toLowerCase());
  if (!mode) throw invalid(name, "accessMode", `must be one of ${ACCESS_MODES.join(", ")}`);
  const file = { accountName: text(given["accountName"]), shareName: text(given["shareName"]), accessMode: mode };
  if (existing && Object.keys(file).some((key) => file[key as keyof AzureFile] !== existing[key as keyof AzureFile])) {
    throw new ArmError(
      "ManagedEnvironmentStorageUpdateBadRequest",
      `Invalid request body for managed environment storage '${name}'. Only 'properties.azureFile.AccountKey' can be updated.`,
    );
  }
  if (!ACCOUNT_NAME.test(file.accountName)) throw invalid(name, "accountName", "must be the name of a storage account, 3 to 24 lower case letters and digits");
  if (!SHARE_NAME.test(file.shareName)) throw invalid(name, "shareName", "must be the name of a file share, 3 to 63 lower case letters, digits and single hyphens");
  if (text(given["accountKey"]) === "") throw invalid(name, "accountKey", "must be given with every request");
  return file;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const invalid = (name: string, property: string, rule: string) =>
  new ArmError("InvalidRequestParameterWithDetails", `Invalid request body for managed environment storage '${name}'. 'properties.azureFile.${property}' ${rule}.`);
