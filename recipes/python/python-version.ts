import { DEFAULT_PYTHON, PYTHON_IMAGES } from "../base-images.ts";
import type { PythonVersion } from "../base-images.ts";
import type { Problem } from "../errors.ts";
import { because } from "../recipe.ts";
import type { Source } from "../source.ts";
import type { Pyproject } from "./pyproject.ts";

const SUPPORTED = Object.keys(PYTHON_IMAGES) as PythonVersion[];
const ALLOWED = SUPPORTED.join(", ");

export type ChosenPython = { version: PythonVersion; reason?: string } | { problem: Problem };

/** `.python-version`, then `runtime.txt`, then `requires-python`; the default where nothing is said. */
export async function choosePython(source: Source, project: string, pyproject: Pyproject | undefined): Promise<ChosenPython> {
  for (const file of [`${project}.python-version`, `${project}runtime.txt`]) {
    if (!source.has(file)) continue;
    const written = (await source.text(file)).split(/\r?\n/).map((line) => line.trim()).find((line) => line !== "" && !line.startsWith("#")) ?? "";
    const minor = /^(?:python-|cpython-|cpython@)?(3\.\d+)(?:\.\d+)?$/.exec(written)?.[1];
    const version = SUPPORTED.find((each) => each === minor);
    if (version === undefined && /^3$|^system$|^$/.test(written)) continue;
    if (version === undefined) return { problem: unsupported(file, `asks for Python ${JSON.stringify(written)}`, written) };
    return { version, reason: because(`Python ${version}`, `${file} says ${written}`) };
  }
  const wanted = pyproject?.requiresPython;
  if (wanted === undefined) return { version: DEFAULT_PYTHON };
  // Near to the default: packages with compiled parts have wheels for it.
  const near = [...SUPPORTED].sort((left, right) => distance(left) - distance(right));
  const version = near.find((each) => allows(wanted, each));
  if (version === undefined) return { problem: unsupported(pyproject!.file, `requires Python ${JSON.stringify(wanted)}`, wanted) };
  return { version, reason: because(`Python ${version}`, `${pyproject!.file} requires ${wanted}`) };
}

const minorOf = (version: string): number => Number(version.split(".")[1]);
const distance = (version: PythonVersion): number => Math.abs(minorOf(version) - minorOf(DEFAULT_PYTHON)) * 2 + (minorOf(version) < minorOf(DEFAULT_PYTHON) ? 1 : 0);

function unsupported(file: string, what: string, value: string): Problem {
  return { code: "VERSION_UNSUPPORTED", message: `${what}; allowed: ${ALLOWED}`, file, value, allowed: ALLOWED };
}

/** PEP 440 and Poetry's `^` and `~`, of a minor version with its newest patch. Other clauses are the installer's to judge. */
export function allows(specifier: string, version: PythonVersion): boolean {
  return specifier.split("||").some((option) => option.split(",").every((clause) => clauseAllows(clause.trim(), minorOf(version))));
}

function clauseAllows(clause: string, minor: number): boolean {
  const found = /^(===|==|!=|~=|>=|<=|>|<|\^|~|)\s*v?(\d+)(?:\.(\d+|\*))?(?:\.(\d+|\*))?/.exec(clause);
  if (!found) return true;
  const [, operator, major, second, third] = found;
  const bound = second === undefined || second === "*" ? undefined : Number(second);
  if (Number(major) !== 3) return [">=", ">", "!="].includes(operator!) ? Number(major) < 3 || operator === "!=" : ["<", "<="].includes(operator!) && Number(major) > 3;
  if (bound === undefined) return operator !== "<" && operator !== "!=";
  const isWhole = third === undefined || third === "*" || third === "0";
  switch (operator) {
    case ">=":
    case "^":
      return minor >= bound;
    case ">":
      return minor > bound || (minor === bound && third !== undefined);
    case "<=":
      return minor <= bound;
    case "<":
      return minor < bound || (minor === bound && !isWhole);
    case "!=":
      return !(minor === bound && third === "*") && !(minor === bound && third === undefined);
    case "~=":
      return third === undefined ? minor >= bound : minor === bound;
    default:
      return minor === bound;
  }
}
