import { homedir } from "node:os";
import { join } from "node:path";
import { PULUMI_VERSION } from "./versions.js";

/**
 * Where the set-up puts things. All but the Pulumi CLI lives in the checkout's `.toolwharf/`, which is not committed.
 *
 * @param {string} root folder of the checkout
 * @param {NodeJS.ProcessEnv} [env] `PULUMI_HOME` moves the CLI, as it does for Pulumi itself
 */
export function foldersOf(root, env = process.env) {
  const home = join(root, ".toolwharf");
  const pulumi = join(env["PULUMI_HOME"] ?? join(homedir(), ".pulumi"), "versions", PULUMI_VERSION, "bin");
  return {
    root,
    home,
    node: join(home, "node"),
    engine: join(home, "engine"),
    baseImagesFile: join(home, "base-images.json"),
    lockHashFile: join(home, "package-lock.sha256"),
    pulumi,
  };
}

/** @typedef {ReturnType<typeof foldersOf>} Folders */
