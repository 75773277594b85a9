import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Connection } from "../local/connection.ts";
import { askEngine } from "./engine.ts";
import type { Project } from "./project.ts";
import { machineSettings, renewSettings, settingsFile, sourceFile } from "./stack-settings.ts";
import { historyFolders, readDeployment, stackExists } from "./state-files.ts";

/**
 * Makes sure that a miniature stack exists and has its live settings.
 *
 * @returns the settings file
 */
export async function ensureStack(project: Project, stack: string, connection: Connection, env: NodeJS.ProcessEnv): Promise<string> {
  if (!stackExists(project, stack)) await createStack(project, stack, env);
  return renewSettings(project, stack, machineSettings(project, connection), () => saltOf(project, stack));
}

/** Removes the (empty) stack, its history and its live settings; the committed `Pulumi.<stack>.yaml` stays. */
export async function removeStack(project: Project, stack: string, env: NodeJS.ProcessEnv): Promise<void> {
  await askEngine({ args: ["stack", "rm", "--yes", "--preserve-config", "--stack", stack], cwd: project.folder, env });
  for (const rest of [settingsFile(project, stack), sourceFile(project, stack), ...historyFolders(project, stack)]) rmSync(rest, { recursive: true, force: true });
}

/**
 * `stack init` writes the salt of the stack's secrets into `Pulumi.<stack>.yaml` of the project it runs in, which may be
 * a committed file here. So it runs in a project of its own with the same name.
 */
async function createStack(project: Project, stack: string, env: NodeJS.ProcessEnv): Promise<void> {
  mkdirSync(project.state, { recursive: true, mode: 0o700 });
  mkdirSync(project.cache, { recursive: true });
  const folder = mkdtempSync(join(project.cache, "new-stack-"));
  try {
    writeFileSync(join(folder, "Pulumi.yaml"), `name: ${project.name}\nruntime: nodejs\n`);
    // Settings that outlived their stack keep their salt, so that what they encrypt stays readable.
    if (existsSync(settingsFile(project, stack))) copyFileSync(settingsFile(project, stack), join(folder, `Pulumi.${stack}.yaml`));
    await askEngine({ args: ["stack", "init", stack, "--no-select"], cwd: folder, env });
  } catch (error) {
    // Another command may have made it in the meantime.
    if (!stackExists(project, stack)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function saltOf(project: Project, stack: string): string {
  const provider = readDeployment(project, stack)?.secrets_providers as { state?: { salt?: string } } | undefined;
  const salt = provider?.state?.salt;
  if (!salt) throw new Error(`the state of stack ${stack} has no salt of a passphrase`);
  return salt;
}
