import { parse } from "yaml";
import semver from "semver";
import type { Problem } from "../errors.ts";
import type { Source } from "../source.ts";
import type { ChosenInstaller } from "./lock-files.ts";
import { isObject, PACKAGE, textsOf } from "./package-json.ts";
import type { PackageJson } from "./package-json.ts";

/** Longer ones take seconds to read; pnpm itself finds out in the build. */
const MAX_YAML_LENGTH = 1024 * 1024;
const GROUPS = ["dependencies", "devDependencies", "optionalDependencies"] as const;

/**
 * What the install would refuse in the middle of a build: a lock file that is not of this package.json.
 *
 * @returns undefined: they are in step, or only the package manager can tell
 */
export async function lockProblem(source: Source, pkg: PackageJson, { installer, lock }: ChosenInstaller): Promise<Problem | undefined> {
  if (lock === undefined) return undefined;
  if (installer === "npm") return npmProblem(await source.text(lock), pkg, lock);
  if (installer === "pnpm") return pnpmProblem(await source.text(lock), pkg, lock);
  return undefined;
}

/** npm takes a lock file that meets what is asked for, even when it was made for another range. */
function npmProblem(text: string, { all }: PackageJson, lock: string): Problem | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return { code: "DEPENDENCIES_INVALID", message: `is not JSON: ${(error as Error).message}`, file: lock };
  }
  const packages = isObject(parsed) ? parsed.packages : undefined;
  // Lock files of npm 6 have none; npm makes them anew.
  if (!isObject(packages)) return undefined;
  const wrong = GROUPS.flatMap((group) => Object.entries(textsOf(all[group])).filter(([name, range]) => !meets(packages[`node_modules/${name}`], range, group)));
  return wrong.length === 0 ? undefined : outOfStep(lock, wrong.map(([name, range]) => `${name} ${range} (${versionOf(packages[`node_modules/${name}`])})`), "npm install --package-lock-only");
}

function meets(locked: unknown, range: string, group: string): boolean {
  // Optional ones are left out where they do not fit the machine.
  if (!isObject(locked)) return group === "optionalDependencies";
  // Tags, addresses and folders are npm's to tell.
  return semver.validRange(range) === null || typeof locked.version !== "string" || semver.satisfies(locked.version, range, { includePrerelease: true });
}

const versionOf = (locked: unknown): string => (isObject(locked) && typeof locked.version === "string" ? `locked: ${locked.version}` : "not locked");

function pnpmProblem(text: string, { all }: PackageJson, lock: string): Problem | undefined {
  if (text.length > MAX_YAML_LENGTH) return undefined;
  let parsed: unknown;
  try {
    parsed = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    return { code: "DEPENDENCIES_INVALID", message: `is not YAML: ${(error as Error).message.split("\n")[0]}`, file: lock };
  }
  if (!isObject(parsed)) return undefined;
  const root = isObject(parsed.importers) ? parsed.importers["."] : parsed;
  if (!isObject(root)) return undefined;
  // One that is in two groups of package.json is locked in one of them.
  const locked: Record<string, unknown> = Object.assign({}, ...GROUPS.map((group) => root[group]).filter(isObject));
  // Formats before 6.0 have all ranges in one place.
  const ranges = textsOf(parsed.specifiers);
  const wrong = GROUPS.flatMap((group) => Object.entries(textsOf(all[group])).flatMap(([name, range]) => {
    const entry = locked[name];
    const specifier = isObject(entry) ? entry.specifier : ranges[name];
    return specifier === range || isOverridden(parsed.overrides, name) ? [] : [`${name} ${range} (${typeof specifier === "string" ? `locked for: ${specifier}` : "not locked"})`];
  }));
  return wrong.length === 0 ? undefined : outOfStep(lock, wrong, "pnpm install --lockfile-only");
}

/** pnpm locks the range that an override gives: `ms` or `ms@^2`. */
const isOverridden = (overrides: unknown, name: string): boolean => isObject(overrides) && Object.keys(overrides).some((key) => key === name || key.startsWith(`${name}@`));

function outOfStep(lock: string, wrong: string[], command: string): Problem {
  return { code: "DEPENDENCIES_OUT_OF_STEP", message: `is older than ${PACKAGE}, which asks for ${wrong.join(", ")}; run "${command}" and deploy again`, file: lock, value: wrong };
}
