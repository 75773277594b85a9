import { canPull, ensureBaseImages } from "./base-images/ensure.js";
import { installDependencies } from "./dependencies.js";
import { engineAddress } from "./engine/address.js";
import { startEngine } from "./engine/start.js";
import { foldersOf } from "./folders.js";
import { findNode, installNode, runsTypeScript } from "./node.js";
import { createProgress, duration } from "./progress.js";
import { installCli } from "./pulumi/cli.js";
import { installLanguageHost, languageHostReady } from "./pulumi/language-host.js";
import { survey } from "./survey.js";
import { hasProgram, installPackages } from "./system-packages/install.js";

/**
 * Brings this machine to what the project needs. What is there already is not touched and costs nothing; independent
 * steps run at once, and all of their problems are reported together.
 *
 * @param {{ root: string, env?: NodeJS.ProcessEnv, output?: NodeJS.WriteStream }} options
 * @returns {Promise<{ node: string }>} path of the Node that runs the project
 * @throws {AggregateError} of `SetupError` and other errors
 */
export async function setUp({ root, env = process.env, output = process.stdout }) {
  const startedAt = Date.now();
  const folders = foldersOf(root, env);
  const progress = createProgress(output);
  const ready = await survey(root, env);
  const terminal = Boolean(process.stdin.isTTY && output.isTTY);

  const pullable = ready.baseImages || (await canPull(ready.engine ? engineAddress(env) : undefined));
  const packages = progress.step("packages");
  /** @param {import("./system-packages/install.js").PackageName[]} names */
  const install = (names) => installPackages(names, packages, { env, terminal });
  // All in one question, before anything takes long.
  await install(packagesFor({ ready, pullable, env }));

  const nodeBinary = once(() => installNode(folders, progress.step("node"), nodeReason()));
  const steps = [
    async () => {
      if (!ready.node) await nodeBinary();
    },
    async () => {
      if (!ready.dependencies) await installDependencies(folders, progress.step("npm packages"));
    },
    async () => {
      if (!ready.pulumi) await installCli(folders.pulumi, progress.step("pulumi"));
      if (!languageHostReady(folders.pulumi, env)) installLanguageHost(folders.pulumi, progress.step("language host"));
    },
    async () => {
      if (!ready.engine) await startEngine(folders, progress.step("docker"), env);
      if (ready.baseImages) return;
      await ensureBaseImages(folders, engineAddress(env), { pullable, progress, nodeBinary, beforeMaking: () => install(["mmdebstrap"]) });
    },
  ];
  const results = await Promise.allSettled(steps.map((step) => step()));
  const problems = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (problems.length > 0) throw new AggregateError(problems, "the set-up is not complete");
  output.write(progress.lines > 0 ? `  set up in ${duration(Date.now() - startedAt)}\n` : "  nothing was missing\n");
  return { node: findNode(folders) ?? (await nodeBinary()) };
}

/**
 * @param {{
 *   ready: Record<import("./survey.js").Need, boolean>,
 *   pullable: boolean,
 *   env: NodeJS.ProcessEnv,
 *   platform?: NodeJS.Platform,
 *   has?: (name: import("./system-packages/install.js").PackageName) => boolean,
 * }} options `pullable`: whether the engine can get the official base images
 * @returns {import("./system-packages/install.js").PackageName[]} packages to install before anything else
 */
export function packagesFor({ ready, pullable, env, platform = process.platform, has = hasProgram }) {
  /** @type {[import("./system-packages/install.js").PackageName, boolean][]} */
  const needs = [
    // An engine elsewhere, or Docker Desktop, is the person's own to start.
    ["docker.io", !ready.engine && !env["DOCKER_HOST"] && platform === "linux"],
    ["docker-registry", !ready.registry],
    ["mmdebstrap", !ready.baseImages && !pullable && platform === "linux"],
  ];
  return needs.flatMap(([name, needed]) => (needed && !has(name) ? [name] : []));
}

function nodeReason() {
  return runsTypeScript(process.version) ? "for the Node base image" : `${process.version} cannot run TypeScript`;
}

/**
 * @template T
 * @param {() => Promise<T>} action
 * @returns {() => Promise<T>}
 */
function once(action) {
  /** @type {Promise<T> | undefined} */
  let result;
  return () => (result ??= action());
}
