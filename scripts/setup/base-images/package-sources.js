import { tmpdir } from "node:os";
import { join } from "node:path";
import { findExecutable } from "../find-executable.js";
import { runCommand } from "../run-command.js";

/**
 * The package indexes this machine is set to use instead of the public ones, as environment variables for a build
 * inside a container. A URL with a user or password in it is left out: the image would carry the credential.
 *
 * @param {{ env?: NodeJS.ProcessEnv, note: (text: string) => void }} options
 * @returns {Promise<string[]>} `NAME=value` each; empty on a machine with the public indexes
 */
export async function packageSources({ env = process.env, note }) {
  const found = {
    PIP_INDEX_URL: env["PIP_INDEX_URL"] ?? (await pipIndex()),
    PIP_EXTRA_INDEX_URL: env["PIP_EXTRA_INDEX_URL"],
    NPM_CONFIG_REGISTRY: await npmRegistry(),
  };
  return Object.entries(found).flatMap(([name, value]) => {
    if (!value) return [];
    if (!hasCredential(value)) return [`${name}=${value}`];
    note(`${name} of this machine holds a credential and is not put into the base images: builds use the public index`);
    return [];
  });
}

/** @param {string} value one URL, or several separated by spaces */
export function hasCredential(value) {
  return value.split(/\s+/).some((url) => /^[a-z+]+:\/\/[^/]*@/i.test(url));
}

/** Undefined where it is the one that npm itself comes with. */
async function npmRegistry() {
  const ask = async (/** @type {NodeJS.ProcessEnv} */ env, /** @type {string[]} */ ...options) =>
    (await runCommand("npm", ["config", "get", "registry", ...options], { cwd: tmpdir(), env }).catch(() => "")).trim();
  const unset = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name)));
  // Settings files that are not there; npm refuses the same one twice.
  const nowhere = ["user", "global"].map((kind) => `--${kind}config=${join(tmpdir(), `no-${kind}-npmrc`)}`);
  const [registry, builtIn] = await Promise.all([ask(process.env), ask(unset, ...nowhere)]);
  return registry === builtIn || registry === "undefined" ? undefined : registry;
}

async function pipIndex() {
  const pip = findExecutable("pip3") ?? findExecutable("pip");
  if (!pip) return undefined;
  return (await runCommand(pip, ["config", "get", "global.index-url"]).catch(() => "")).trim();
}
