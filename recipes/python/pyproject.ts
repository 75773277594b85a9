// smol-toml: TOML 1.0 and small; the language's own parsers are not here.
import { parse } from "smol-toml";
import type { Problem } from "../errors.ts";
import type { Source } from "../source.ts";

type Table = Record<string, unknown>;

/** What of a pyproject.toml decides how it is built. */
export interface Pyproject {
  file: string;
  name?: string;
  /** PEP 508, as written. */
  dependencies: string[];
  /** Filled in by the build backend, so only known when it has run. */
  isDynamic: boolean;
  requiresPython?: string;
  /** It says how it is made into a package. */
  hasBuildSystem: boolean;
  scripts: Array<{ name: string; target: string }>;
  poetry?: { dependencies: Table; isPackage: boolean; packages: boolean };
  uv: { members: string[]; indexes: string[]; sources: Table };
  /** Whether it lists dependencies at all: many are there for tools such as linters only. */
  isProject: boolean;
}

export async function readPyproject(source: Source, file: string): Promise<Pyproject | Problem> {
  let document: Table;
  try {
    document = parse((await source.text(file)).replaceAll("\r\n", "\n"));
  } catch (error) {
    return tomlProblem(file, error);
  }
  const project = tableOf(document.project);
  const tool = tableOf(document.tool);
  const poetry = tool.poetry === undefined ? undefined : tableOf(tool.poetry);
  const uv = tableOf(tool.uv);
  const poetryPython = tableOf(poetry?.dependencies).python;
  return {
    file,
    ...textField("name", project.name ?? poetry?.name),
    dependencies: textsOf(project.dependencies),
    isDynamic: textsOf(project.dynamic).includes("dependencies"),
    ...textField("requiresPython", project["requires-python"] ?? poetryPython),
    hasBuildSystem: document["build-system"] !== undefined,
    scripts: Object.entries({ ...tableOf(poetry?.scripts), ...tableOf(project.scripts) }).flatMap(([name, target]) => (typeof target === "string" ? [{ name, target }] : [])),
    ...(poetry && { poetry: { dependencies: tableOf(poetry.dependencies), isPackage: poetry["package-mode"] !== false, packages: poetry.packages !== undefined } }),
    uv: {
      members: textsOf(tableOf(uv.workspace).members),
      indexes: [...textsOf([uv["index-url"]]), ...textsOf(uv["extra-index-url"]), ...tablesOf(uv.index).flatMap(({ url }) => textsOf([url]))],
      sources: tableOf(uv.sources),
    },
    isProject: document.project !== undefined || poetry?.dependencies !== undefined || tableOf(uv.workspace).members !== undefined,
  };
}

/** Without the excerpt of the file that the parser quotes. */
export function tomlProblem(file: string, error: unknown): Problem {
  const { line, column, message } = error as { line?: number; column?: number; message: string };
  return { code: "DEPENDENCIES_INVALID", message: `is not TOML: ${message.split("\n")[0]!.replace("Invalid TOML document: ", "")}`, file, ...(line !== undefined && { line }), ...(column !== undefined && { column }) };
}

export function tableOf(value: unknown): Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Table) : {};
}
export const tablesOf = (value: unknown): Table[] => (Array.isArray(value) ? value.map(tableOf) : []);
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((each) => typeof each === "string") : []);

function textField<K extends string>(key: K, value: unknown): { [key in K]?: string } {
  return typeof value === "string" ? ({ [key]: value } as { [key in K]: string }) : {};
}
