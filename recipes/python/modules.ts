import { posix } from "node:path";
import type { Source } from "../source.ts";
import { readModule } from "./module.ts";
import type { PythonModule } from "./module.ts";

/** Folders whose code is beside the tool. */
const BESIDE = new Set(["test", "tests", "testing", "docs", "doc", "example", "examples", "migrations", "alembic", "benchmarks", "bench", "notebooks", "build", "dist", "site-packages"]);
const BESIDE_FILES = /^(?:test_.*|.*_test|conftest|setup|noxfile|fabfile|gunicorn\.conf|gunicorn_config)\.py$/;
/** Files read, shallowest first: an entry point is not deeper than hundreds of others. */
const MOST_FILES = 500;
/** 256 KiB; longer ones are data or generated. */
const LARGEST_FILE = 256 * 1024;

export interface PythonModules {
  all: PythonModule[];
  /** Folder of the project, "" or ending with "/". */
  project: string;
  /** Folders where imports start beside the project's own, relative to it: such as `src`. */
  roots: string[];
  byName: Map<string, PythonModule>;
}

/** @param project folder of the project, "" or ending with "/" */
export async function readModules(source: Source, project: string): Promise<PythonModules> {
  const files = source.files
    .filter(({ path, size }) => path.startsWith(project) && path.endsWith(".py") && size <= LARGEST_FILE)
    .map(({ path }) => path.slice(project.length))
    .filter((path) => !path.split("/").slice(0, -1).some((folder) => BESIDE.has(folder)) && !BESIDE_FILES.test(posix.basename(path)))
    .sort((left, right) => depthOf(left) - depthOf(right) || (left < right ? -1 : 1))
    .slice(0, MOST_FILES);
  const rooted = files.map((file) => ({ file, root: importRoot(file, (path) => source.has(`${project}${path}`)) }));
  const all: PythonModule[] = [];
  for (const { file, root } of rooted) all.push(readModule(`${project}${file}`, ...namesOf(file, root), await source.text(`${project}${file}`)));
  const roots = [...new Set(rooted.map(({ root }) => root))].filter((root) => root !== "");
  return { all, project, roots, byName: new Map(all.map((module) => [module.name, module])) };
}

const depthOf = (path: string): number => path.split("/").length;

/** `src` where it is no package itself: the project's own, or that of a project within it. */
function importRoot(file: string, has: (path: string) => boolean): string {
  const parts = file.split("/");
  const at = parts.findLastIndex((part, index) => part === "src" && index < parts.length - 1 && !has([...parts.slice(0, index + 1), "__init__.py"].join("/")) && (index === 0 || has([...parts.slice(0, index), "pyproject.toml"].join("/"))));
  return parts.slice(0, at + 1).join("/");
}

function namesOf(file: string, root: string): [string, string] {
  const inside = root !== "" && file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file;
  const parts = inside.slice(0, -".py".length).split("/");
  const folder = parts.slice(0, -1).join(".");
  return [parts.at(-1) === "__init__" ? folder : parts.join("."), folder];
}

/** Follows re-exports: `app.create_app` is `app.factory.create_app` where `app/__init__.py` imports it from there. */
export function resolveName({ byName }: PythonModules, name: string): string {
  let resolved = name;
  for (let hops = 0; hops < 8; hops++) {
    const parts = resolved.split(".");
    const at = parts.findIndex((_, index) => byName.has(parts.slice(0, parts.length - 1 - index).join(".")));
    const module = at < 0 ? undefined : byName.get(parts.slice(0, parts.length - 1 - at).join("."));
    const [first, ...rest] = parts.slice(parts.length - 1 - at);
    const next = module?.imports.get(first!);
    if (next === undefined || [next, ...rest].join(".") === resolved) return resolved;
    resolved = [next, ...rest].join(".");
  }
  return resolved;
}
