import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

const LIMIT_MS = 60_000;

/**
 * Removes layers and configs that no manifest leads to, so that deleted content gives its disk back. Untagged manifests stay, as in ACR.
 * Only while nothing writes: the program would take a push's layers for garbage until their manifest has come. A failure is logged and
 * no more, because the registry serves as well with garbage in it.
 *
 * @param program the registry's program, `configFile` its configuration, `repositories` the folder without which it has nothing to do
 */
export async function collectGarbage(program: string, configFile: string, repositories: string, log: (line: string) => void): Promise<void> {
  if (!existsSync(repositories)) return;
  try {
    await promisify(execFile)(program, ["garbage-collect", "--delete-untagged=false", configFile], {
      timeout: LIMIT_MS,
      // It prints a line for each blob, whether it goes or stays.
      maxBuffer: 256 * 1024 * 1024,
      env: { PATH: process.env.PATH },
    });
  } catch (error) {
    const { message, stderr } = error as Error & { stderr?: string };
    log(`garbage of the registry was not collected (${configFile}): ${stderr?.trim().split("\n").at(-1) || message.split("\n")[0]}`);
  }
}
