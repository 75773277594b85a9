import * as pulumi from "@pulumi/pulumi";
import { checkEncrypted, secretCommands } from "./encrypted-settings.ts";
import { SettingValues } from "./setting-values.ts";
import type { SettingsProblems } from "./settings-problems.ts";

export const ACCESS_MODES = ["ReadWrite", "ReadOnly"] as const;

/** A share of Azure Files that tools may mount. */
export interface StorageSettings {
  accountName: string;
  shareName: string;
  accessMode: (typeof ACCESS_MODES)[number];
  /** A secret, wherever it goes. */
  accountKey: pulumi.Output<string>;
}

/** With a hyphen and 6 characters it is Azure's name of the storage, which has at most 32 (hashicorp/terraform-provider-azurerm). */
const STORAGE_NAME = /^(?!.*--)[a-z][a-z0-9-]{0,23}[a-z0-9]$/;
const STORAGE_NAME_RULE = "2 to 25 lower-case letters, digits and single hyphens, starting with a letter, ending with a letter or digit";
/** Azure docs, naming rules of storage accounts and of shares. */
const ACCOUNT_NAME = { rule: /^[a-z0-9]{3,24}$/, words: "the name of a storage account, 3 to 24 lower-case letters and digits" };
const SHARE_NAME = { rule: /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, words: "the name of a file share, 3 to 63 lower-case letters, digits and single hyphens" };

const KEYS = "toolwharf:storageKeys";
const WORDS = "an object: name of the storage to {accountName, shareName, accessMode}";

/**
 * Reads `storages` and `storageKeys` together. A key is in no message, whatever is wrong with it.
 *
 * @param stack whose settings they are
 * @param values of the whole stack
 * @param encrypted names of the settings that are encrypted in the settings file
 */
export function readStorages(stack: string, values: SettingValues, encrypted: readonly string[], problems: SettingsProblems): Record<string, StorageSettings> {
  const given = values.object("storages", WORDS);
  const keys = readKeys(values, problems);
  if (Object.keys(keys).length > 0) checkEncrypted(KEYS, "<name> <key>", encrypted, problems);
  const storages: Record<string, StorageSettings> = {};
  for (const [name, storage] of Object.entries(given)) {
    const path = `toolwharf:storages.${name}`;
    if (!STORAGE_NAME.test(name)) problems.say(path, `has a name that is none for a storage; allowed: ${STORAGE_NAME_RULE}`);
    if (typeof storage !== "object" || storage === null || Array.isArray(storage)) {
      problems.add(path, storage, "an object with accountName, shareName and accessMode");
      continue;
    }
    const own = new SettingValues(storage as Record<string, unknown>, `${path}.`, problems);
    own.only(["accountName", "shareName", "accessMode"]);
    for (const required of ["accountName", "shareName"] as const) if (own.raw(required) === undefined) problems.say(`${path}.${required}`, "is not set");
    const key = keys[name];
    if (key === undefined) problems.say(`${KEYS}.${name}`, `is not set; it is a key of that storage account: ${secretCommands([`${KEYS}.${name}`], stack).replaceAll("\n", "; ")}`);
    storages[name] = {
      accountName: own.text("accountName", "", ACCOUNT_NAME),
      shareName: own.text("shareName", "", SHARE_NAME),
      accessMode: own.oneOf("accessMode", ACCESS_MODES, "ReadWrite"),
      accountKey: pulumi.secret(key ?? ""),
    };
  }
  for (const name of Object.keys(keys).filter((each) => !Object.hasOwn(given, each))) {
    problems.say(`${KEYS}.${name}`, `is for a storage that is not there; storages: ${Object.keys(given).join(", ") || "none"}; to take it out: pulumi config rm --path '${KEYS}.${name}'`);
  }
  return storages;
}

function readKeys(values: SettingValues, problems: SettingsProblems): Record<string, string> {
  const given = values.raw("storageKeys") ?? {};
  const words = "an object: name of the storage to the key of its account";
  if (typeof given !== "object" || Array.isArray(given)) {
    problems.say(KEYS, `is something else; allowed: ${words}`);
    return {};
  }
  const keys = Object.entries(given);
  for (const [name, key] of keys) if (typeof key !== "string" || key === "") problems.say(`${KEYS}.${name}`, "is no text");
  return Object.fromEntries(keys.map(([name, key]) => [name, String(key)]));
}
