import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * A program's run as the engine asks for it, in plain values.
 *
 * @typedef {object} ProgramRun
 * @property {string} monitor
 * @property {string} engine
 * @property {string} organization
 * @property {string} project
 * @property {string} stack
 * @property {string} rootFolder
 * @property {string} programFolder
 * @property {string} entryPoint
 * @property {boolean} dryRun
 * @property {number} parallel
 * @property {readonly string[]} args
 * @property {Record<string, string>} config
 * @property {readonly string[]} secretKeys
 * @property {Record<string, unknown>} options `runtime.options` of Pulumi.yaml
 */

/**
 * @param {any} request RunRequest
 * @param {string} engine
 * @returns {ProgramRun}
 */
export function programRunOf(request, engine) {
  const info = request.getInfo();
  return {
    engine,
    monitor: request.getMonitorAddress(),
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    rootFolder: info.getRootDirectory(),
    programFolder: info.getProgramDirectory(),
    entryPoint: info.getEntryPoint(),
    dryRun: request.getDryrun(),
    parallel: request.getParallel(),
    args: request.getArgsList(),
    config: Object.fromEntries(request.getConfigMap().entries()),
    secretKeys: request.getConfigsecretkeysList(),
    options: info.getOptions()?.toJavaScript() ?? {},
  };
}

/**
 * The arguments after `node`: the SDK's own runner, and what it is to run.
 *
 * @param {ProgramRun} run
 */
export function programArguments(run) {
  const flags = Object.entries({
    monitor: run.monitor,
    engine: run.engine,
    organization: run.organization,
    project: run.project,
    "root-directory": run.rootFolder,
    stack: run.stack,
    pwd: run.programFolder,
    parallel: String(run.parallel),
  }).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value]));
  const nodeArgs = String(run.options["nodeargs"] ?? "").split(/\s+/).filter((argument) => argument !== "");
  return [...nodeArgs, runnerPath(run.programFolder), ...flags, ...(run.dryRun ? ["--dry-run"] : []), run.entryPoint, ...run.args];
}

/** @param {string} programFolder */
function runnerPath(programFolder) {
  return createRequire(join(programFolder, "package.json")).resolve("@pulumi/pulumi/cmd/run");
}

/**
 * @param {ProgramRun} run
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function programEnvironment(run, env) {
  const { typescript = true, tsconfig } = run.options;
  const cache = join(run.rootFolder, ".toolwharf", "cache");
  return {
    // Compiled code kept between runs saves about half a second; only where the project has a place for it.
    ...(existsSync(cache) && { NODE_COMPILE_CACHE: join(cache, "compile") }),
    ...env,
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(Object.entries(run.config).map(([key, value]) => [configKey(key), value]))),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(run.secretKeys),
    ...(typescript === true && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...(typeof tsconfig === "string" && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
  };
}

/**
 * The SDK takes keys in the form that preceded `namespace:name`.
 *
 * @param {string} key
 */
function configKey(key) {
  const [namespace, ...name] = key.split(":");
  return name[0] === "config" ? key : `${namespace}:config:${name.join(":")}`;
}
