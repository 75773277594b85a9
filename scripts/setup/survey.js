import { baseImagesReady } from "./base-images/ensure.js";
import { dependenciesReady } from "./dependencies.js";
import { engineAddress } from "./engine/address.js";
import { engineAnswers } from "./engine/ping.js";
import { foldersOf } from "./folders.js";
import { findNode } from "./node.js";
import { cliReady } from "./pulumi/cli.js";
import { languageHostReady } from "./pulumi/language-host.js";
import { hasProgram } from "./system-packages/install.js";

/**
 * What this machine has of what the project needs: fast (a few files and three requests to the engine), and changes
 * nothing but the project's own markers.
 *
 * @param {string} root folder of the checkout
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Record<Need, boolean>>}
 * @throws {import("./setup-error.js").SetupError} when the engine is there but may not be used
 */
export async function survey(root, env = process.env) {
  const folders = foldersOf(root, env);
  const engine = await engineAnswers(env);
  return {
    node: findNode(folders) !== undefined,
    dependencies: dependenciesReady(folders),
    pulumi: cliReady(folders.pulumi),
    languageHost: cliReady(folders.pulumi) && languageHostReady(folders.pulumi, env),
    engine,
    registry: hasProgram("docker-registry"),
    baseImages: engine && (await baseImagesReady(folders, engineAddress(env))),
  };
}

/** @typedef {"node" | "dependencies" | "pulumi" | "languageHost" | "engine" | "registry" | "baseImages"} Need */
