import { parse } from "smol-toml";
import type { Problem } from "../errors.ts";
import type { Source } from "../source.ts";
import { tableOf, tablesOf, tomlProblem } from "./pyproject.ts";
import type { Pyproject } from "./pyproject.ts";
import { nameOf, normalName } from "./requirements.ts";

/** Whether uv.lock was made for what pyproject.toml asks for now: uv keeps a copy of it there. */
export async function uvLockProblem(source: Source, file: string, pyproject: Pyproject): Promise<Problem | undefined> {
  const lock = await readToml(source, file);
  if ("problem" in lock) return lock.problem;
  const packages = tablesOf(lock.document.package);
  const own = packages.find(({ source: from, name }) => ["editable", "virtual"].some((kind) => tableOf(from)[kind] === ".") && normalName(String(name)) === normalName(pyproject.name ?? String(name)));
  if (!own) return pyproject.name === undefined ? undefined : outOfStep(file, `knows no project ${pyproject.name}`, pyproject, "uv lock");
  const locked = new Map<string, string[]>();
  for (const each of tablesOf(tableOf(own.metadata)["requires-dist"])) {
    // Extras are beside the dependencies of every installation.
    if (String(each.marker ?? "").includes("extra ==")) continue;
    const name = normalName(String(each.name));
    locked.set(name, [...(locked.get(name) ?? []), specifierOf(String(each.specifier ?? ""))]);
  }
  const asking = new Set<string>();
  for (const requirement of pyproject.isDynamic ? [] : pyproject.dependencies) {
    const name = nameOf(requirement)!;
    const asked = specifierOf(/^[\w.-]+\s*(?:\[[^\]]*\])?\s*\(?([^;@)]*)/.exec(requirement)?.[1] ?? "");
    asking.add(name);
    // One for each marker: another for another version of Python.
    const known = locked.get(name);
    if (known === undefined) return outOfStep(file, `does not know ${requirement}`, pyproject, "uv lock");
    if (!known.includes(asked) && !requirement.includes("@") && !known.includes("")) return outOfStep(file, `was made for ${name}${known.join(" and ")}, and ${pyproject.file} asks for ${requirement}`, pyproject, "uv lock");
  }
  const gone = pyproject.isDynamic ? undefined : [...locked.keys()].find((name) => !asking.has(name));
  return gone === undefined ? undefined : outOfStep(file, `was made for ${gone} too, which ${pyproject.file} does not ask for`, pyproject, "uv lock");
}

/** Whether poetry.lock has every package that is asked for by name; Poetry itself compares the rest when it exports. */
export async function poetryLockProblem(source: Source, file: string, pyproject: Pyproject): Promise<Problem | undefined> {
  const lock = await readToml(source, file);
  if ("problem" in lock) return lock.problem;
  const locked = new Set(tablesOf(lock.document.package).map(({ name }) => normalName(String(name))));
  const asked = [...pyproject.dependencies.map((requirement) => nameOf(requirement)!), ...Object.keys(pyproject.poetry?.dependencies ?? {}).filter((name) => name !== "python").map(normalName)];
  const missing = asked.find((name) => !locked.has(name));
  return missing === undefined ? undefined : outOfStep(file, `does not know ${missing}`, pyproject, "poetry lock");
}

const PRE_RELEASE = /^([<>=!~]{1,3}v?\d+(?:\.\d+)*)[-_.]?[a-z].*$/i;

/** In any order, and without what makes a pre-release of a version: uv writes `1.0b1` for `1.0-beta1`. */
const specifierOf = (text: string): string => text.split(",").map((clause) => clause.replace(/\s+/g, "").replace(PRE_RELEASE, "$1")).filter(Boolean).sort().join(",");

function outOfStep(file: string, what: string, pyproject: Pyproject, next: string): Problem {
  return { code: "DEPENDENCIES_OUT_OF_STEP", message: `${what}: it is older than ${pyproject.file}; run "${next}" and deploy again`, file };
}

async function readToml(source: Source, file: string): Promise<{ document: Record<string, unknown> } | { problem: Problem }> {
  try {
    return { document: parse((await source.text(file)).replaceAll("\r\n", "\n")) };
  } catch (error) {
    return { problem: tomlProblem(file, error) };
  }
}
