import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Connection } from "../local/connection.ts";
import type { Project } from "./project.ts";
import { platformOf, toolOf } from "./stack-names.ts";
import { UserError } from "./user-error.ts";

type Config = Record<string, unknown>;

/** What is true of this machine's miniature, and therefore of every stack on it. */
export interface MachineSettings {
  armEndpoint: string;
  trustedCaFile: string;
  ingressPort: number;
  /** Official base image to the one that stands for it here. */
  baseImages: Record<string, string>;
}

/** Remembered beside the live settings: which template they were made from, to tell its changes from the user's own. */
interface Source {
  stamp: string;
  template: Config;
}

/** Bump when `mergeSettings` changes, so that settings made by an earlier version are made again. */
const FORMAT = 1;

/** Settings that say what a platform stack deploys; a tool stack deploys its own tool. */
const PLATFORM_ONLY = ["toolwharf:tools"];

export const settingsFile = (project: Project, stack: string): string => join(project.stacks, `Pulumi.${stack}.yaml`);
export const sourceFile = (project: Project, stack: string): string => join(project.stacks, `${stack}.source.json`);

/**
 * The template's settings with this machine's on top. Keys set in the live file by hand (`pulumi config set
 * --config-file`) stay until the template changes the same key.
 *
 * @param base the template that `live` was made from; `undefined` at the first time
 */
export function mergeSettings(template: Config, base: Config | undefined, live: Config | undefined, machine: MachineSettings): Config {
  const merged: Config = live && base ? { ...live } : { ...live, ...template };
  if (live && base) {
    for (const key of new Set([...Object.keys(template), ...Object.keys(base)])) {
      if (isDeepStrictEqual(template[key], base[key])) continue;
      if (key in template) merged[key] = template[key];
      else delete merged[key];
    }
  }
  const { baseImages, ...addresses } = machine;
  for (const [name, value] of Object.entries(addresses)) merged[`toolwharf:${name}`] = value;
  const replaced = { ...baseImages, ...(template["toolwharf:baseImages"] as Record<string, string> | undefined) };
  if (Object.keys(replaced).length > 0) merged["toolwharf:baseImages"] = replaced;
  else delete merged["toolwharf:baseImages"];
  return merged;
}

export function machineSettings(project: Project, connection: Connection): MachineSettings {
  return {
    armEndpoint: connection.armEndpoint,
    trustedCaFile: connection.caFile,
    ingressPort: connection.ingressPort,
    baseImages: existsSync(project.baseImagesFile)
      ? (JSON.parse(readFileSync(project.baseImagesFile, "utf8")) as Record<string, string>)
      : {},
  };
}

/**
 * Makes or renews the live settings of a miniature stack. When nothing changed since the last time, no YAML is read.
 *
 * @param salt of the stack's secrets, as its state has it
 * @returns the file to hand to the engine as `--config-file`
 */
export async function renewSettings(project: Project, stack: string, machine: MachineSettings, salt: () => string): Promise<string> {
  const file = settingsFile(project, stack);
  const templateText = readTemplate(project, stack);
  const stamp = createHash("sha256").update(JSON.stringify([FORMAT, templateText, machine])).digest("hex");
  const source = readSource(project, stack);
  if (source?.stamp === stamp && existsSync(file)) return file;

  const { parse, stringify } = await import("yaml");
  const configOf = (text: string): Config => (parse(text) as { config?: Config } | null)?.config ?? {};
  const template = configOf(templateText);
  refuseEncrypted(template, stack, file);
  if (toolOf(stack) !== undefined) for (const key of PLATFORM_ONLY) delete template[key];
  const live = existsSync(file) ? configOf(readFileSync(file, "utf8")) : undefined;
  const config = mergeSettings(template, source?.template, live, machine);

  mkdirSync(project.stacks, { recursive: true });
  writeWhole(file, `${HEADER}${stringify({ encryptionsalt: salt(), config })}`);
  writeWhole(sourceFile(project, stack), JSON.stringify({ stamp, template } satisfies Source));
  return file;
}

/** Every stack on a miniature has a key of its own, that a committed file cannot know: the engine would only say that it cannot decrypt. */
function refuseEncrypted(template: Config, stack: string, file: string): void {
  const encrypted = Object.keys(template).filter((key) => /"secure":/.test(JSON.stringify(template[key])));
  if (encrypted.length === 0) return;
  throw new UserError("SETTINGS_ENCRYPTED", "the committed settings of the miniature have encrypted values, which no stack on it can read", {
    value: encrypted.join(", "),
    next: `take them and encryptionsalt out of the settings file beside Pulumi.yaml; after eval "$(npx toolwharf local env)", set each with: pulumi config set --secret --path <key> --stack ${stack} --config-file ${file}`,
  });
}

const HEADER = "# Made by toolwharf from the committed Pulumi.<stack>.yaml and this machine's miniature. Not committed.\n";

/** A tool stack without a template of its own takes its platform's. */
function readTemplate(project: Project, stack: string): string {
  for (const name of [stack, platformOf(stack)]) {
    const file = join(project.folder, `Pulumi.${name}.yaml`);
    if (existsSync(file)) return readFileSync(file, "utf8");
  }
  return "";
}

function readSource(project: Project, stack: string): Source | undefined {
  try {
    return JSON.parse(readFileSync(sourceFile(project, stack), "utf8")) as Source;
  } catch {
    return undefined;
  }
}

function writeWhole(file: string, content: string): void {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, file);
}
