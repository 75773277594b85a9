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

/** Commands that set secrets, a line each. The miniature has settings of its own beside the committed ones, under another key. */
export function secretCommands(paths: readonly string[], stack: string): string {
  const file = liveSettingsFile(stack);
  const where = file === undefined ? "" : ` --config-file ${file}`;
  return [...(file === undefined ? [] : ['eval "$(npx toolwharf local env)"']), ...paths.map((path) => `pulumi config set --secret --path '${path}' --stack ${stack}${where}`)].join("\n");
}

/** Of a stack on the miniature, relative to the project. */
export function liveSettingsFile(stack: string): string | undefined {
  return stack === "local" || stack.startsWith("local.") ? `.toolwharf/stacks/Pulumi.${stack}.yaml` : undefined;
}
