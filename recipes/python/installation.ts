import { posix } from "node:path";
import type { InstallName } from "../dockerfiles/python.ts";
import type { Problem } from "../errors.ts";
import { because } from "../recipe.ts";
import type { PackageManager } from "../recipe.ts";
import type { Source } from "../source.ts";
import { IMPLIED_PACKAGES } from "./frameworks.ts";
import { poetryLockProblem, uvLockProblem } from "./lock-step.ts";
import type { PythonModules } from "./modules.ts";
import { hasCredentials, privateIndex } from "./private-index.ts";
import { readPyproject } from "./pyproject.ts";
import type { Pyproject } from "./pyproject.ts";
import { nameOf, normalName, readRequirements } from "./requirements.ts";
import type { Asked } from "./requirements.ts";
import { STANDARD_LIBRARY } from "./standard-library.ts";

/** How a project's dependencies get into its image. */
export interface Installation {
  template: InstallName;
  packageManager?: PackageManager;
  reason: string;
  /** Below `dependencies/`, beside the Dockerfile. */
  files: Record<string, string>;
  args: Record<string, string>;
  /** What is asked for by name. */
  asked: Asked[];
  pyproject?: Pyproject;
  problems: Problem[];
}

/** Requirement files, the best first: what is installed in production. */
const REQUIREMENTS = ["requirements.txt", "requirements/prod.txt", "requirements/production.txt", "requirements/base.txt", "requirements/main.txt", "requirements/requirements.txt"];
/** Files that list dependencies, and the longest that is read: 8 MiB, a lock file of thousands of packages. */
const LISTS = /(?:^|\/)(?:pyproject\.toml|uv\.lock|poetry\.lock|[^/]*requirements[^/]*\.txt|requirements\/[^/]*\.txt)$/;
const LARGEST_LIST = 8 * 1024 * 1024;
/** What says that a folder is a project of its own. */
const PROJECT_FILES = [...REQUIREMENTS, "pyproject.toml", "Pipfile", "Pipfile.lock", "setup.py"];

/**
 * The folder whose dependencies these are: the tool's own or, where that lists none, the only one below it that does.
 *
 * @returns "" or ending with "/"
 */
export function projectFolder(source: Source): string {
  if (PROJECT_FILES.some(source.has)) return "";
  const below = new Set(source.files.flatMap(({ path }) => {
    const [first, second, ...rest] = path.split("/");
    return rest.length === 0 && second !== undefined && PROJECT_FILES.includes(second) && /^[\w.-]+$/.test(first!) ? [`${first}/`] : [];
  }));
  const [only] = below;
  return only !== undefined && below.size === 1 && !source.files.some(({ path }) => !path.includes("/") && path.endsWith(".py")) ? only : "";
}

export async function readInstallation(source: Source, project: string, modules: PythonModules): Promise<Installation> {
  const at = (name: string): string => `${project}${name}`;
  const long = source.files.find(({ path, size }) => size > LARGEST_LIST && LISTS.test(path));
  if (long) return refused({ code: "DEPENDENCIES_INVALID", message: `is ${long.size} bytes long; allowed: ${LARGEST_LIST}`, file: long.path, value: long.size, allowed: `${LARGEST_LIST} bytes` });
  const read = source.has(at("pyproject.toml")) ? await readPyproject(source, at("pyproject.toml")) : undefined;
  if (read && "code" in read) return { ...NOTHING, reason: "", problems: [read] };
  const found = read?.isProject ? read : undefined;
  const requirements = REQUIREMENTS.map(at).find(source.has);
  if (found && source.has(at("uv.lock"))) return await withUvLock(source, project, found);
  if (source.has(at("poetry.lock")) && found) return await withPoetryLock(source, project, found, modules);
  if (requirements !== undefined) return withFirstMcp({ ...(await withRequirements(source, requirements)), ...(found && { pyproject: found }) }, modules);
  if (found?.poetry && found.dependencies.length === 0) return refused({ code: "DEPENDENCIES_UNSUPPORTED", message: "lists its dependencies for Poetry, and there is no poetry.lock; run \"poetry lock\" and add the file", file: found.file }, found);
  if (found) return withFirstMcp(withPyproject(found, modules), modules);
  for (const file of ["Pipfile.lock", "Pipfile"].map(at)) {
    if (source.has(file)) return refused({ code: "DEPENDENCIES_UNSUPPORTED", message: "lists dependencies for Pipenv, which is not supported; run \"pipenv requirements > requirements.txt\" and add the file", file });
  }
  if (source.has(at("setup.py"))) return { ...NOTHING, template: "setup", packageManager: "pip", reason: because("uv pip install .", `${at("setup.py")} says what it needs, together with the code`) };
  return withoutList(modules);
}

const NOTHING: Installation = { template: "none", reason: "", files: {}, args: {}, asked: [], problems: [] };

const refused = (problem: Problem, pyproject?: Pyproject): Installation => ({ ...NOTHING, problems: [problem], asked: pyproject ? askedBy(pyproject) : [] });

async function withRequirements(source: Source, file: string): Promise<Installation> {
  const { lines, constraints, local, asked, hashes, prerelease, git, problems } = await readRequirements(source, file);
  const options = [hashes ? "--require-hashes" : "", prerelease ? "--prerelease=allow" : ""].filter(Boolean).join(" ");
  const text = (all: string[]): string => all.map((line) => `${line}\n`).join("");
  return {
    template: "pip",
    packageManager: "pip",
    reason: hashes ? because("uv pip install --require-hashes", `${file} has hashes`) : because("uv pip install", `${file} lists its dependencies`),
    files: { "dependencies/requirements.txt": text(lines), "dependencies/constraints.txt": text(constraints), "dependencies/local.txt": text(local) },
    args: { ...(options !== "" && { INSTALL_OPTIONS: options }), ...(git && GIT) },
    asked,
    problems,
  };
}

/** Only where it is needed, and not in the last stage. */
const GIT = { BUILD_PACKAGES: "git" };

async function withUvLock(source: Source, project: string, pyproject: Pyproject): Promise<Installation> {
  const lock = `${project}uv.lock`;
  const problem = await uvLockProblem(source, lock, pyproject);
  const text = await source.text(lock);
  const members = pyproject.uv.members.length > 0 ? source.files.filter(({ path }) => path.startsWith(project) && posix.basename(path) === "pyproject.toml") : [];
  const names = new Set([`${project}pyproject.toml`, lock, ...members.map(({ path }) => path)]);
  const files: Record<string, string> = {};
  for (const name of names) files[`dependencies/${name.slice(project.length)}`] = await source.text(name);
  return {
    template: "uv",
    packageManager: "uv",
    reason: because("uv sync --frozen --no-dev", `${lock} pins its dependencies`),
    files,
    args: { ...(members.length > 0 && { INSTALL_OPTIONS: "--all-packages" }), ...(/git = "/.test(text) && GIT) },
    asked: askedBy(pyproject),
    pyproject,
    problems: [...(problem ? [problem] : []), ...privateIndexes(pyproject), ...(hasCredentials(text) ? [privateIndex(lock, undefined, "")] : [])],
  };
}

async function withPoetryLock(source: Source, project: string, pyproject: Pyproject, modules: PythonModules): Promise<Installation> {
  const lock = `${project}poetry.lock`;
  const problem = await poetryLockProblem(source, lock, pyproject);
  return {
    template: "poetry",
    packageManager: "poetry",
    reason: because("uv pip install of what Poetry exports", `${lock} pins its dependencies`),
    files: { "dependencies/pyproject.toml": await source.text(pyproject.file), "dependencies/poetry.lock": await source.text(lock) },
    args: packaged(pyproject, modules) ? { PROJECT: "." } : {},
    asked: askedBy(pyproject),
    pyproject,
    problems: [...(problem ? [problem] : []), ...privateIndexes(pyproject)],
  };
}

function withPyproject(pyproject: Pyproject, modules: PythonModules): Installation {
  const problems = privateIndexes(pyproject);
  // Without the lock they would be left out, and another index may have other packages by the same names.
  if (problems.length === 0 && (pyproject.uv.indexes.length > 0 || Object.keys(pyproject.uv.sources).length > 0)) {
    return refused({ code: "DEPENDENCIES_UNSUPPORTED", message: 'has sources or indexes for uv, and there is no uv.lock; run "uv lock" and add the file', file: pyproject.file }, pyproject);
  }
  const base = { packageManager: "pip" as const, asked: askedBy(pyproject), pyproject, problems };
  if (pyproject.isDynamic) return { ...base, template: "setup", files: {}, args: {}, reason: because("uv pip install .", `${pyproject.file} leaves its dependencies to its build backend`) };
  const lines = pyproject.dependencies.map((line) => `${line}\n`).join("");
  return {
    ...base,
    template: "project",
    files: { "dependencies/requirements.txt": lines },
    args: { ...(packaged(pyproject, modules) && { PROJECT: "." }), ...(lines.includes("git+") && GIT) },
    reason: because("uv pip install", `${pyproject.file} lists its dependencies, and no lock file is there`),
  };
}

/** Whether the project itself is installed: it says how, and what it would install is there. */
function packaged({ hasBuildSystem, poetry, name }: Pyproject, { byName }: PythonModules): boolean {
  const package_ = name === undefined ? "" : normalName(name).replaceAll("-", "_");
  return hasBuildSystem && poetry?.isPackage !== false && (poetry?.packages === true || [...byName.keys()].some((module) => module === package_ || module.startsWith(`${package_}.`)));
}

function askedBy({ dependencies, poetry, file }: Pyproject): Asked[] {
  return [
    ...dependencies.map((text) => ({ name: nameOf(text) ?? "", text, file, line: 0 })),
    ...Object.keys(poetry?.dependencies ?? {}).map((name) => ({ name: normalName(name), text: name, file, line: 0 })),
  ];
}

function privateIndexes({ dependencies, uv, file }: Pyproject): Problem[] {
  return [...dependencies, ...uv.indexes].filter(hasCredentials).map((text) => privateIndex(file, undefined, text));
}

/** Well-known packages are installed as they are; nothing else is guessed, as an import's name need not be a package's. */
function withoutList(modules: PythonModules): Installation {
  const own = new Set(modules.all.flatMap(({ name, file }) => [name.split(".")[0]!, posix.basename(file, ".py"), ...file.split("/").slice(0, -1)]));
  const needed = new Map<string, { file: string; line: number }>();
  for (const { required, file } of modules.all) for (const { name, line } of required) if (!STANDARD_LIBRARY.has(name) && !own.has(name) && !needed.has(name)) needed.set(name, { file, line });
  const unknown = [...needed].filter(([name]) => !Object.hasOwn(IMPLIED_PACKAGES, name));
  if (unknown.length > 0) {
    const imports = unknown.map(([name, { file, line }]) => `${name} (${file}:${line})`).join(", ");
    return refused({ code: "DEPENDENCIES_MISSING", message: `no file lists dependencies, and these imports are not of Python's own library: ${imports}; add a requirements.txt with the packages that have them`, allowed: "requirements.txt, pyproject.toml" });
  }
  if (needed.size === 0) return { ...NOTHING, reason: because("nothing is installed", "it imports Python's own library only") };
  const packages = [...needed.keys()].map((name) => (name === "mcp" && firstMcp(modules) ? "mcp<2" : IMPLIED_PACKAGES[name]!));
  const places = [...needed.values()].map(({ file, line }) => `${file}:${line}`).join(", ");
  return {
    ...NOTHING,
    template: "none",
    packageManager: "pip",
    args: { PACKAGES: packages.join(" ") },
    asked: [...needed].map(([name, { file, line }]) => ({ name: IMPLIED_PACKAGES[name]!, text: IMPLIED_PACKAGES[name]!, file, line })),
    reason: because(`uv pip install ${packages.join(" ")}`, `${places} ${needed.size === 1 ? "imports it" : "import them"} and no file lists dependencies: they are whatever is newest at the build`),
  };
}

/** Code for the first major version of the official MCP SDK whose requirement would take the second, which lacks what it imports. */
function withFirstMcp(installation: Installation, modules: PythonModules): Installation {
  const place = firstMcp(modules);
  const asked = installation.asked.find(({ name }) => name === "mcp");
  const file = "dependencies/requirements.txt";
  const text = installation.files[file];
  if (place === undefined || !asked || text === undefined || installation.args.INSTALL_OPTIONS?.includes("hashes") || /[<=~]/.test(asked.text.split(";")[0]!.replace(">=", ""))) return installation;
  return { ...installation, files: { ...installation.files, [file]: `${text}mcp<2\n` }, reason: `${installation.reason}; ${because("mcp<2", `${place}, which mcp 2 does not have`)}` };
}

function firstMcp({ all }: PythonModules): string | undefined {
  for (const { file, required, decorated } of all) {
    const imported = required.find(({ full }) => full.startsWith("mcp.server.fastmcp"));
    if (imported) return `${file}:${imported.line} imports mcp.server.fastmcp`;
    const handler = required.some(({ name }) => name === "mcp") ? decorated.find(({ method, positional }) => ["list_tools", "call_tool"].includes(method) && positional.length === 0) : undefined;
    if (handler) return `${file}:${handler.line} uses @${handler.callee}()`;
  }
  return undefined;
}
