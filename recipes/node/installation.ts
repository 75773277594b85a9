import type { Problem } from "../errors.ts";
import { because } from "../recipe.ts";
import type { PackageManager } from "../recipe.ts";
import type { Source } from "../source.ts";
import { chooseInstaller } from "./lock-files.ts";
import type { Installer } from "./lock-files.ts";
import { lockProblem } from "./lock-step.ts";
import { PACKAGE } from "./package-json.ts";
import type { PackageJson } from "./package-json.ts";
import { locksLogin, needsLogin, registryFiles } from "./registries.ts";

export interface Installation {
  /** Absent: there is nothing to install. */
  installer?: Installer;
  packageManager?: PackageManager;
  /** For the template's PACKAGE_MANAGER_VERSION. */
  args: Record<string, string>;
  /** Beside the Dockerfile, in `install/`: all that the install depends on. */
  files: Record<string, string>;
  reasons: string[];
  problems: Problem[];
}

/**
 * What an install does not depend on stays out, so that an edit of it keeps the layer: scripts above all. Those of the
 * tool itself are for its developers (husky and the like) and would run without its code.
 */
const KEPT = [
  "name", "version", "private", "type", "dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "peerDependenciesMeta",
  "bundleDependencies", "bundledDependencies", "dependenciesMeta", "overrides", "resolutions", "pnpm", "packageManager",
];
/** Versions that are folders, files or patches of the tool: they are not there when dependencies are installed. */
const OF_THE_FOLDER = /^(file|link|portal|patch|workspace|catalog):|^\.{0,2}\//;

const PNPM_WORKSPACE = "pnpm-workspace.yaml";

/** @param build whether development dependencies are needed too */
export async function installationOf(source: Source, pkg: PackageJson, build: boolean): Promise<Installation> {
  const none: Installation = { args: {}, files: {}, reasons: [], problems: [] };
  const needed = { ...pkg.dependencies, ...(build && pkg.devDependencies) };
  if (Object.keys(needed).length === 0) return { ...none, reasons: source.has(PACKAGE) ? [because("nothing is installed", `${PACKAGE} asks for no dependencies`)] : [] };
  const problems = shapeProblems(source, pkg);
  const chosen = await chooseInstaller(source, pkg);
  if ("problem" in chosen) return { ...none, problems: [...problems, chosen.problem] };
  const registries = await registryFiles(source);
  const step = problems.length === 0 ? await lockProblem(source, pkg, chosen) : undefined;
  const { installer, lock, version, reason } = chosen;
  problems.push(...registries.problems, ...(step ? [step] : []), ...(lock !== undefined && locksLogin(await source.text(lock)) ? [needsLogin(lock)] : []));
  return {
    installer,
    packageManager: installer === "berry" ? "yarn" : installer,
    args: installer === "npm" ? {} : { PACKAGE_MANAGER_VERSION: version ?? LATEST[installer] },
    files: {
      [`install/${PACKAGE}`]: `${JSON.stringify(Object.fromEntries(KEPT.filter((key) => key in pkg.all).map((key) => [key, pkg.all[key]])), null, 2)}\n`,
      ...(lock !== undefined && { [`install/${lock}`]: await source.text(lock) }),
      ...Object.fromEntries(Object.entries(registries.files).map(([name, text]) => [`install/${name}`, text])),
    },
    reasons: [reason],
    problems,
  };
}

/** Where nothing says which. */
const LATEST: Readonly<Record<Exclude<Installer, "npm">, string>> = { pnpm: "10.34.9", yarn: "1.22.22", berry: "4.18.1" };

function shapeProblems(source: Source, pkg: PackageJson): Problem[] {
  const refuse = (message: string, file: string): Problem => ({ code: "DEPENDENCIES_UNSUPPORTED", message, file });
  const problems: Problem[] = [];
  if (pkg.all.workspaces !== undefined || source.has(PNPM_WORKSPACE)) {
    problems.push(refuse("is of a workspace, whose packages are not one tool; deploy the folder of one package, with a lock file of its own, or add a Dockerfile", pkg.all.workspaces === undefined ? PNPM_WORKSPACE : PACKAGE));
  }
  const local = Object.entries({ ...pkg.dependencies, ...pkg.devDependencies }).filter(([, version]) => OF_THE_FOLDER.test(version));
  if (local.length > 0) problems.push(refuse(`asks for ${local.map(([name, version]) => `${name} ${version}`).join(", ")}: folders of a workspace and files are not there when dependencies are installed; publish them to a registry, or add a Dockerfile`, PACKAGE));
  const patched = ["pnpm", "patchedDependencies"].reduce<unknown>((value, key) => (Object(value) as Record<string, unknown>)[key], pkg.all);
  if (patched !== undefined) problems.push(refuse("has pnpm.patchedDependencies, whose patches are not there when dependencies are installed; add a Dockerfile", PACKAGE));
  return problems;
}
