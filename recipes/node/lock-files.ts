import semver from "semver";
import type { Problem } from "../errors.ts";
import { because } from "../recipe.ts";
import type { Source } from "../source.ts";
import { PACKAGE } from "./package-json.ts";
import type { PackageJson } from "./package-json.ts";

/** How dependencies are installed: a template each. */
export type Installer = "npm" | "pnpm" | "yarn" | "berry";

export interface ChosenInstaller {
  installer: Installer;
  /** Absent: nothing pins the dependencies. */
  lock?: string;
  /** Of the package manager, exact; npm is the base image's. */
  version?: string;
  reason: string;
}

const BUN = ["bun.lock", "bun.lockb"];
/** npm takes the first when both are there. */
const NPM = ["npm-shrinkwrap.json", "package-lock.json"];
const YARN = "yarn.lock";
const PNPM = "pnpm-lock.yaml";

/** The last versions that read lock files of this version; newer ones read them too, and change what install scripts may run. */
const PNPM_VERSIONS: Readonly<Record<string, string>> = { "6.0": "8.15.9", "6.1": "8.15.9", "9.0": "10.34.9" };
const YARN_CLASSIC = "1.22.22";
const YARN_BERRY = "4.18.1";

/** By the lock file; of two, by packageManager of package.json. */
export async function chooseInstaller(source: Source, pkg: PackageJson): Promise<ChosenInstaller | { problem: Problem }> {
  const asked = /^(npm|pnpm|yarn|bun)@([^+]+)/.exec(pkg.packageManager ?? "");
  const [, name, said] = asked ?? [];
  // Without what may stand around a version.
  const version = semver.valid(said) ?? undefined;
  if (said !== undefined && version === undefined) return refuse("DEPENDENCIES_INVALID", `packageManager is ${JSON.stringify(pkg.packageManager)}; allowed: npm, pnpm or yarn with an exact version, such as pnpm@10.34.9`, PACKAGE);
  const locks = [NPM.find(source.has), source.has(PNPM) ? PNPM : undefined, source.has(YARN) ? YARN : undefined, BUN.find(source.has)].filter((lock) => lock !== undefined);
  const fitting = name === undefined ? locks : locks.filter((lock) => managerOf(lock) === name);
  if (locks.length > 1 && fitting.length !== 1) {
    return refuse("RECIPE_AMBIGUOUS", `${locks.join(" and ")} are both there; keep one, or write packageManager in ${PACKAGE}: ${locks.map((lock) => `"${managerOf(lock)}@<version>"`).join(", or ")}`);
  }
  const lock = fitting[0] ?? locks[0];
  const manager = lock === undefined ? name : managerOf(lock);
  if (manager === "bun") return refuse("DEPENDENCIES_UNSUPPORTED", 'is for Bun, which is not supported; run "npm install --package-lock-only" and add package-lock.json in its place, or add a Dockerfile', lock ?? PACKAGE);
  const own = name === manager ? version : undefined;
  const why = own === undefined || manager === "npm" ? "" : `, with ${manager} ${own} as ${PACKAGE} says`;
  if (lock === undefined) {
    const install = manager === "pnpm" || manager === "yarn" ? manager : "npm";
    return { installer: install === "yarn" && semver.gte(own!, "2.0.0") ? "berry" : install, version: own, reason: because(`${install} install`, `there is no lock file: its dependencies are whatever is newest at the build${why}`) };
  }
  if (lock === PNPM) return pnpm(await source.text(lock), own, why);
  if (lock === YARN) return yarn(source, await source.text(lock), own, why);
  return { installer: "npm", lock, reason: because("npm ci", `${lock} pins its dependencies`) };
}

function pnpm(text: string, own: string | undefined, why: string): ChosenInstaller | { problem: Problem } {
  const format = /^lockfileVersion: *'?"?([\d.]+)/m.exec(text)?.[1];
  const version = own ?? PNPM_VERSIONS[format ?? ""];
  if (version === undefined) return refuse("DEPENDENCIES_UNSUPPORTED", `has lockfileVersion ${format ?? "unknown"}; allowed: ${Object.keys(PNPM_VERSIONS).join(", ")}; run "pnpm install --lockfile-only" with a newer pnpm, or write packageManager in ${PACKAGE}`, PNPM);
  return { installer: "pnpm", lock: PNPM, version, reason: because("pnpm install --frozen-lockfile", `${PNPM} pins its dependencies${why}`) };
}

function yarn(source: Source, text: string, own: string | undefined, why: string): ChosenInstaller | { problem: Problem } {
  if (!text.includes("__metadata:")) return { installer: "yarn", lock: YARN, version: own ?? YARN_CLASSIC, reason: because("yarn install --frozen-lockfile", `${YARN}, of Yarn 1, pins its dependencies${why}`) };
  const release = source.files.map(({ path }) => /^\.yarn\/releases\/yarn-(\d+\.\d+\.\d+)\.cjs$/.exec(path)?.[1]).find(Boolean);
  const version = own ?? release ?? YARN_BERRY;
  if (semver.lt(version, "4.0.0")) return refuse("DEPENDENCIES_UNSUPPORTED", `is of Yarn ${version}; allowed: Yarn 1, Yarn 4; run "yarn set version stable" and "yarn install"`, YARN);
  return { installer: "berry", lock: YARN, version, reason: because("yarn install --immutable", `${YARN}, of Yarn 4, pins its dependencies${why}`) };
}

function managerOf(lock: string): string {
  if (NPM.includes(lock)) return "npm";
  return lock === PNPM ? "pnpm" : lock === YARN ? "yarn" : "bun";
}

const refuse = (code: Problem["code"], message: string, file?: string): { problem: Problem } => ({ problem: { code, message, ...(file !== undefined && { file }) } });
