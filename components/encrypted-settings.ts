import type { SettingsProblems } from "./settings-problems.ts";

/** What the engine tells a program beside its config; the SDK reads it from the same variable and has no public way to ask. */
export function encryptedSettings(env: NodeJS.ProcessEnv = process.env): string[] {
  return JSON.parse(env["PULUMI_CONFIG_SECRET_KEYS"] || "[]") as string[];
}

/**
 * Refuses secrets in plain text: settings files are committed.
 *
 * @param key with its namespace
 * @param path of a value below it, as the command that sets one takes it
 */
export function checkEncrypted(key: string, path: string, encrypted: readonly string[], problems: SettingsProblems): void {
  if (encrypted.includes(key)) return;
  problems.say(key, `can be read by everybody who reads the settings file; allowed: encrypted: pulumi config rm ${key}, then pulumi config set --secret --path ${key}.${path}`);
}
