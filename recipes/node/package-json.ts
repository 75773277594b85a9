import type { Problem } from "../errors.ts";
import type { Source } from "../source.ts";

export const PACKAGE = "package.json";

/** A package.json, with what is not of the expected kind left out. */
export interface PackageJson {
  /** All of it, as it is written. */
  all: Record<string, unknown>;
  main?: string;
  /** The first file of `exports` or `bin`. */
  exported?: string;
  bin?: string;
  scripts: Record<string, string>;
  /** What is needed at run time, optional ones among them, with the versions asked for. */
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  packageManager?: string;
  /** Of `engines` and `volta`. */
  engines?: string;
  volta?: string;
}

/** @returns `undefined` when there is none; a problem when it cannot be understood */
export async function readPackageJson(source: Source): Promise<PackageJson | { problem: Problem } | undefined> {
  if (!source.has(PACKAGE)) return undefined;
  const refuse = (message: string) => ({ problem: { code: "DEPENDENCIES_INVALID" as const, message, file: PACKAGE } });
  let all: unknown;
  try {
    all = JSON.parse(await source.text(PACKAGE));
  } catch (error) {
    return refuse(`is not JSON: ${(error as Error).message}`);
  }
  if (!isObject(all)) return refuse("is not a JSON object");
  return {
    all,
    main: textOf(all.main),
    exported: firstFile(all.exports),
    bin: firstFile(all.bin),
    scripts: textsOf(all.scripts),
    dependencies: { ...textsOf(all.dependencies), ...textsOf(all.optionalDependencies) },
    devDependencies: textsOf(all.devDependencies),
    packageManager: textOf(all.packageManager),
    engines: textOf(textsOf(all.engines).node),
    volta: textOf(textsOf(all.volta).node),
  };
}

/** Of a folder without one: a tool of Node's own modules alone. */
export const NO_PACKAGE: PackageJson = { all: {}, scripts: {}, dependencies: {}, devDependencies: {} };

export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | undefined => (typeof value === "string" && value.trim() !== "" ? value : undefined);

export function textsOf(value: unknown): Record<string, string> {
  return isObject(value) ? Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string")) : {};
}

/** `"./a.js"`, `{ ".": { import: "./a.js" } }`, `{ name: "./a.js" }`: the first that is not of types. */
function firstFile(value: unknown, depth = 0): string | undefined {
  if (typeof value === "string") return value;
  if (!isObject(value) || depth > 8) return undefined;
  return Object.entries(value).flatMap(([key, each]) => (key === "types" ? [] : [firstFile(each, depth + 1)])).find((each) => each !== undefined);
}
