import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Connection } from "../local/connection.ts";
import type { Project } from "./project.ts";

/**
 * Of every miniature stack, and written down here because it protects nothing: no miniature stack holds a real secret,
 * and whoever can read its state can read the miniature's own keys beside it.
 */
export const MINIATURE_PASSPHRASE = "toolwharf-miniature";

/** Settings of the caller's shell that would lead a run on the miniature elsewhere. */
const UNWANTED = [
  "PULUMI_CONFIG_PASSPHRASE_FILE",
  "PULUMI_DIY_BACKEND_GZIP",
  "PULUMI_DIY_BACKEND_ZSTD",
  "PULUMI_SKIP_CHECKPOINTS",
  "PULUMI_STACK",
];

/**
 * What a run on the miniature needs beyond the caller's environment; `toolwharf local env` prints it.
 *
 * @param connection without one, enough to read the state
 */
export function miniatureVariables(project: Project, connection: Connection | undefined, env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return {
    PATH: enginePath(env),
    PULUMI_BACKEND_URL: backendUrl(project),
    PULUMI_CONFIG_PASSPHRASE: MINIATURE_PASSPHRASE,
    PULUMI_DEBUG_PROVIDERS: Object.entries(connection?.providers ?? {})
      .map(([name, port]) => `${name}:${port}`)
      .join(","),
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DIY_BACKEND_NO_LEGACY_WARNING: "true",
    NODE_COMPILE_CACHE: join(project.cache, "compile"),
  };
}

/** The whole environment of an engine run on the miniature. */
export function miniatureEnvironment(project: Project, connection: Connection | undefined, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const whole: NodeJS.ProcessEnv = { ...env, ...miniatureVariables(project, connection, env) };
  for (const name of UNWANTED) delete whole[name];
  return whole;
}

/** Of a run against Azure: the caller's own, with the right Node and CLI in front. */
export function azureEnvironment(project: Project, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: join(project.cache, "compile"), ...env, PATH: enginePath(env) };
}

/** Whether this environment is one that `toolwharf local env` made: a run on Azure must not inherit it. */
export function pointsAtMiniature(env: NodeJS.ProcessEnv): boolean {
  return env.PULUMI_DEBUG_PROVIDERS?.includes("azure-native:") ?? false;
}

/**
 * Without attribute files beside the checkpoints: those are truncated before they are written, so an engine that is
 * killed in between leaves a stack that no command can read any more ("failed to load checkpoint: EOF"). The
 * checkpoints themselves are replaced whole.
 */
export function backendUrl(project: Project): string {
  return `${pathToFileURL(project.state).href}?metadata=skip`;
}

/** The engine of the version that the program's SDK has, if it was installed for it; else whichever is on PATH. */
export function engineFolder(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folder = join(env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "versions", sdkVersion(), "bin");
  return existsSync(join(folder, "pulumi")) ? folder : undefined;
}

export function sdkVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { dependencies: Record<string, string> };
  return manifest.dependencies["@pulumi/pulumi"]!;
}

/** The Node that runs this comes first, because the program needs its type stripping. */
function enginePath(env: NodeJS.ProcessEnv): string {
  const first = [dirname(process.execPath), engineFolder(env)].filter((folder) => folder !== undefined);
  const rest = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "" && !first.includes(folder));
  return [...first, ...rest].join(delimiter);
}
