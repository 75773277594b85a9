import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parseResourceId } from "../azure/resource-id.ts";
import { isToolName, TOOL_NAME_RULE } from "../recipes/names.ts";
import { platformNames } from "./naming.ts";
import { SettingValues } from "./setting-values.ts";
import { SettingsProblems } from "./settings-problems.ts";
import { encryptedSettings } from "./encrypted-settings.ts";
import { readStorages, type StorageSettings } from "./storage-settings.ts";
import { findTools } from "./tool-folders.ts";
import type { SourceRefs } from "../recipes/image-tags.ts";
import { readSourceRefs } from "./source-refs.ts";
import { readToolSecrets } from "./tool-secrets.ts";
import type { ToolSecrets } from "./tool-secrets.ts";
import { readToolSettings, TOOL_DEFAULTS, TOOL_SETTING_KEYS } from "./tool-settings.ts";
import type { ToolSettings } from "./tool-settings.ts";

export const REGISTRY_SKUS = ["Basic", "Standard", "Premium"] as const;
export const REGISTRY_PERMISSIONS = ["legacy", "abac"] as const;
export type RegistryPermissions = (typeof REGISTRY_PERMISSIONS)[number];

/** Ids of what is there already and is used instead of being made. */
export interface Existing {
  registryId?: string;
  environmentId?: string;
  identityId?: string;
}

/** A tool folder, with what is set for it. */
export interface ToolFolder {
  name: string;
  folder: string;
  settings: ToolSettings;
  /** What of the settings is set for this tool alone: it comes before the tool's manifest. */
  own: Partial<ToolSettings>;
  secrets: ToolSecrets;
}

/** All config of a stack, checked. Keys, defaults and limits are described in Pulumi.yaml. */
export interface Settings {
  stack: string;
  /** The platform stack: this one, or the one that this tool stack refers to. */
  platform: string;
  /** Name of the one tool of a tool stack; undefined in a platform stack. */
  tool?: string;
  location: string;
  resourceGroupName: string;
  registrySku: (typeof REGISTRY_SKUS)[number];
  registryPermissions: RegistryPermissions;
  existing: Existing;
  tools: ToolFolder[];
  /** Name of the path routes' address; "" for none. */
  routes: string;
  /** What tools may mount, by name; those of a tool stack are its platform's. */
  storages: Record<string, StorageSettings>;
  baseImages: Record<string, string>;
  /** Where the code comes from: tags of images beside the content hash. */
  refs: SourceRefs;
  logRetentionDays: number;
  readyTimeoutSeconds: number;
  lostSeconds: number;
  rolePropagationSeconds: number;
  armEndpoint: string;
  trustedCaFile?: string;
  ingressPort: number;
}

const KEYS = [
  "resourceGroupName", "registrySku", "registryPermissions", "existing", "toolsFolder", "tools", ...TOOL_SETTING_KEYS, "toolSettings", "toolSecrets", "refs", "routes", "storages", "storageKeys",
  "baseImages", "logRetentionDays", "readyTimeoutSeconds", "lostSeconds", "rolePropagationSeconds", "armEndpoint", "trustedCaFile", "ingressPort", "platform",
] as const;

/** Whose values are in no message. */
const SECRET_KEYS = ["storageKeys"];

const EXISTING_TYPES: Record<keyof Existing, string> = {
  registryId: "Microsoft.ContainerRegistry/registries",
  environmentId: "Microsoft.App/managedEnvironments",
  identityId: "Microsoft.ManagedIdentity/userAssignedIdentities",
};

const RESOURCE_GROUP = { rule: /^[\w().-]{0,89}[\w()-]$/u, words: "1 to 90 letters, digits, _ ( ) - . and not ending with a period" };
const HTTPS_ADDRESS = { rule: /^https:\/\/[^\s/?#]+\/?$/, words: "an address such as https://management.azure.com" };
const ROUTE_NAME = { rule: /^[a-z][a-z0-9]{2,62}$/, words: "3 to 63 lower-case letters and digits, starting with a letter (Azure allows no hyphens there)" };
const STACK_NAME = { rule: /^[A-Za-z0-9_-]{1,100}$/, words: "a stack's name without a period" };

/**
 * Reads every setting of the stack once.
 *
 * @param config as the engine gives it: `namespace:key` to text (JSON for lists and objects)
 * @param encrypted names of those that are encrypted in the settings file
 * @throws SettingsError with all problems at once
 */
export function readSettings(
  stack: string = pulumi.getStack(),
  config: Readonly<Record<string, string>> = pulumi.runtime.allConfig(),
  encrypted: readonly string[] = encryptedSettings(),
): Settings {
  const problems = new SettingsProblems();
  const values = new SettingValues(ownConfig(config, problems), "toolwharf:", problems);
  values.only(KEYS);

  const [platform, tool] = partsOf(stack);
  if (tool !== undefined && !isToolName(tool)) problems.say("the stack's name", `is ${JSON.stringify(stack)}, and ${JSON.stringify(tool)} is no name for a tool; allowed: ${TOOL_NAME_RULE}`);
  const existing = readExisting(new SettingValues(values.object("existing", "an object with registryId, environmentId, identityId"), "toolwharf:existing.", problems));
  const trustedCaFile = values.text("trustedCaFile", "");
  if (trustedCaFile !== "" && !isReadable(trustedCaFile)) values.wrong("trustedCaFile", trustedCaFile, "a PEM file that is there and readable");

  // A tool stack may share its settings file's content with the platform's.
  const storages = tool === undefined ? readStorages(stack, values, encrypted, problems) : {};

  const settings: Settings = {
    stack,
    platform: values.text("platform", platform, STACK_NAME),
    ...(tool !== undefined && { tool }),
    location: config["azure-native:location"] ?? "",
    resourceGroupName: values.text("resourceGroupName", platformNames(platform, "").resourceGroup, RESOURCE_GROUP),
    registrySku: values.oneOf("registrySku", REGISTRY_SKUS, "Basic"),
    registryPermissions: values.oneOf("registryPermissions", REGISTRY_PERMISSIONS, "legacy"),
    existing,
    tools: readTools(values, tool, readToolSecrets(config["toolwharf:toolSecrets"], encrypted, problems), problems, tool === undefined ? Object.keys(storages) : undefined),
    storages,
    routes: values.text("routes", "", ROUTE_NAME),
    baseImages: readBaseImages(values),
    refs: readSourceRefs(values, problems),
    logRetentionDays: values.integer("logRetentionDays", [30, 730], 30),
    readyTimeoutSeconds: values.integer("readyTimeoutSeconds", [10, 3_600], 300),
    lostSeconds: values.integer("lostSeconds", [0, 300], 30),
    rolePropagationSeconds: values.integer("rolePropagationSeconds", [0, 900], 120),
    armEndpoint: values.text("armEndpoint", "https://management.azure.com", HTTPS_ADDRESS),
    ...(trustedCaFile !== "" && { trustedCaFile }),
    ingressPort: values.integer("ingressPort", [1, 65_535], 443),
  };
  if (tool === undefined && settings.location === "") problems.say("azure-native:location", 'is not set; allowed: a region\'s name, such as "westeurope"');
  if (tool === undefined && settings.tools.some(({ name }) => name === settings.routes)) {
    problems.say("toolwharf:routes", `is ${JSON.stringify(settings.routes)}, the name of a tool, which has that address already; allowed: another name`);
  }
  if (settings.registryPermissions === "abac" && existing.registryId === undefined && tool === undefined) {
    // The registry resource of azure-native 3 has no roleAssignmentMode: its API version is older than that.
    problems.say("toolwharf:registryPermissions", 'is "abac", which needs existing.registryId: a registry made here has legacy permissions; allowed without it: legacy');
  }
  problems.throwIfAny();
  return settings;
}

/** `dev.weather` is the stack of the tool `weather` on the platform of the stack `dev`. */
function partsOf(stack: string): [platform: string, tool: string | undefined] {
  const dot = stack.indexOf(".");
  return dot < 0 ? [stack, undefined] : [stack.slice(0, dot), stack.slice(dot + 1)];
}

function ownConfig(config: Readonly<Record<string, string>>, problems: SettingsProblems): Record<string, unknown> {
  const own: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(config)) {
    if (!name.startsWith("toolwharf:")) continue;
    const key = name.slice("toolwharf:".length);
    own[key] = text;
    // Read on its own: no message may have a value of it.
    if (key === "toolSecrets" || !/^\s*[[{]/.test(text)) continue;
    try {
      own[key] = JSON.parse(text);
    } catch {
      if (SECRET_KEYS.includes(key)) problems.say(name, "is no JSON");
      else problems.add(name, text, "JSON");
    }
  }
  return own;
}

function readExisting(values: SettingValues): Existing {
  const keys = Object.keys(EXISTING_TYPES) as Array<keyof Existing>;
  values.only(keys);
  const existing: Existing = {};
  for (const key of keys) {
    const id = values.raw(key);
    if (id === undefined) continue;
    if (typeof id === "string" && parseResourceId(id)?.type.toLowerCase() === EXISTING_TYPES[key].toLowerCase()) existing[key] = id;
    else values.wrong(key, id, `/subscriptions/<id>/resourceGroups/<name>/providers/${EXISTING_TYPES[key]}/<name>`);
  }
  return existing;
}

function readTools(
  values: SettingValues,
  tool: string | undefined,
  secrets: Record<string, ToolSecrets>,
  problems: SettingsProblems,
  storages: readonly string[] | undefined,
): ToolFolder[] {
  const folder = values.text("toolsFolder", "tools");
  const listed = values.texts("tools");
  const chosen = listed?.includes("*") ? undefined : listed;
  const names = findTools(folder, tool === undefined ? chosen : [tool], problems);
  const common = readToolSettings(values, TOOL_DEFAULTS, storages);
  const special = values.object("toolSettings", "an object: settings by name of the tool");
  const settingsOf = (name: string): Pick<ToolFolder, "settings" | "own"> => {
    const path = `toolwharf:toolSettings.${name}.`;
    const own = special[name];
    if (own === undefined) return { settings: common, own: {} };
    if (typeof own !== "object" || own === null || Array.isArray(own)) {
      values.wrong(`toolSettings.${name}`, own, "an object of settings");
      return { settings: common, own: {} };
    }
    const ownValues = new SettingValues(own as Record<string, unknown>, path, problems);
    ownValues.only(TOOL_SETTING_KEYS);
    const settings = readToolSettings(ownValues, common, storages);
    const set = TOOL_SETTING_KEYS.filter((key) => ownValues.raw(key) !== undefined);
    // The two are one setting: half of a pair cannot be taken from elsewhere.
    const sized = set.includes("cpu") || set.includes("memory") ? (["cpu", "memory"] as const) : [];
    return { settings, own: Object.fromEntries([...set, ...sized].map((key) => [key, settings[key]])) };
  };
  // A tool stack may share its settings file's content with the platform's, other tools included.
  if (tool === undefined) {
    for (const name of Object.keys(special).filter((each) => !names.includes(each) && !existsSync(join(folder, each)))) {
      problems.say(`toolwharf:toolSettings.${name}`, `is for a tool that is not there; tools: ${names.join(", ") || "none"}`);
    }
    for (const name of Object.keys(secrets).filter((each) => !names.includes(each) && !existsSync(join(folder, each)))) {
      problems.say(`toolwharf:toolSecrets.${name}`, `is for a tool that is not there; tools: ${names.join(", ") || "none"}; to take it out: pulumi config rm --path 'toolwharf:toolSecrets.${name}'`);
    }
  }
  return names.map((name) => ({ name, folder: join(folder, name), ...settingsOf(name), secrets: secrets[name] ?? {} }));
}

function readBaseImages(values: SettingValues): Record<string, string> {
  const redirects = values.object("baseImages", "an object: official name of an image to the one that takes its place");
  for (const [official, replacement] of Object.entries(redirects)) {
    if (typeof replacement !== "string" || !/^[\w.:/@-]+$/.test(replacement)) values.wrong(`baseImages.${official}`, replacement, "the name of an image");
  }
  return redirects as Record<string, string>;
}

function isReadable(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}
