import { createHash } from "node:crypto";
import { checkEncrypted, secretCommands } from "./encrypted-settings.ts";
import { Failure } from "./failure.ts";
import type { SettingsProblems } from "./settings-problems.ts";

/** Values by the name of the environment variable. Never shown. */
export type ToolSecrets = Readonly<Record<string, string>>;

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,252}$/;
const KEY = "toolwharf:toolSecrets";
/** Azure's 253 characters for the name of a secret, less a hyphen and 8 digits. */
const LONGEST_SLUG = 244;

/**
 * Values of tools' secrets: an object by tool, of objects by environment variable. No message has a value.
 *
 * @param text as the engine gives it, decrypted
 * @param encrypted names of the settings that are encrypted in the settings file
 */
export function readToolSecrets(text: string | undefined, encrypted: readonly string[], problems: SettingsProblems): Record<string, ToolSecrets> {
  if (text === undefined || text.trim() === "") return {};
  const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    given = undefined;
  }
  if (!isObject(given)) {
    problems.say(KEY, 'is not an object; allowed: names of tools to objects of environment variables and their values, set with "pulumi config set --secret --path"');
    return {};
  }
  if (Object.keys(given).length > 0) checkEncrypted(KEY, "<tool>.<NAME>", encrypted, problems);
  const secrets: Record<string, ToolSecrets> = {};
  for (const [tool, values] of Object.entries(given)) {
    if (!isObject(values)) {
      problems.say(`${KEY}.${tool}`, "is not an object; allowed: environment variables and their values");
      continue;
    }
    for (const [name, value] of Object.entries(values)) {
      if (!VARIABLE.test(name) || name === "PORT") problems.say(`${KEY}.${tool}`, `has the name ${JSON.stringify(name)}; allowed: names of letters, digits and _ that do not start with a digit, and not PORT`);
      if (typeof value !== "string" || value === "") problems.say(`${KEY}.${tool}.${name}`, "is not a text, or an empty one; allowed: the secret's value as text");
    }
    secrets[tool] = values as Record<string, string>;
  }
  return secrets;
}

/** @throws Failure `SECRET_MISSING` naming every secret of the manifest that has no value */
export function checkToolSecrets(tool: string, named: readonly string[], given: ToolSecrets, stack: string): void {
  const missing = named.filter((name) => !Object.hasOwn(given, name));
  if (missing.length === 0) return;
  throw new Failure("SECRET_MISSING", `${tool}: its manifest names secrets that have no value`, {
    missing: missing.join(", "),
    next: secretCommands(missing.map((name) => `${KEY}.${tool}.${name}`), stack),
  });
}

/**
 * Name of a container app's secret: lower-case letters, digits and hyphens (Azure's rule). Two variables never share one:
 * what the form of the name loses is in its hash.
 */
export function secretName(variable: string): string {
  const slug = variable.toLowerCase().replaceAll("_", "-").replace(/^-+|-+$/g, "");
  return /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(variable) ? slug : `${slug.slice(0, LONGEST_SLUG)}-${createHash("sha256").update(variable).digest("hex").slice(0, 8)}`.replace(/^-/, "s-");
}
