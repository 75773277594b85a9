import { PYTHON_IMAGES } from "../base-images.ts";
import type { PythonVersion } from "../base-images.ts";
import type { PythonTemplateName } from "../dockerfiles/python.ts";
import type { Problem } from "../errors.ts";
import { noSuchEntry } from "../manifest/manifest.ts";
import { findApplications } from "../python/entries.ts";
import type { Entry } from "../python/entries.ts";
import { FRAMEWORKS, TELLING_PACKAGES } from "../python/frameworks.ts";
import { findHealthPath } from "../python/health.ts";
import { projectFolder, readInstallation } from "../python/installation.ts";
import type { Installation } from "../python/installation.ts";
import type { Asked } from "../python/requirements.ts";
import { readModules } from "../python/modules.ts";
import type { PythonModules } from "../python/modules.ts";
import { namedEntry } from "../python/named-entry.ts";
import { findPrograms, findStdioServers, listeningOf } from "../python/programs.ts";
import { choosePython } from "../python/python-version.ts";
import { MCP_HEALTH, SERVERS } from "../python/serving.ts";
import { because } from "../recipe.ts";
import type { Candidate, Detector, Finding } from "../recipe.ts";
import type { Runtime } from "../runtimes.ts";
import type { Source } from "../source.ts";

export const python: Detector = {
  runtimes: ["python-flask", "python-fastapi", "python"],
  recognise: async (source) => {
    const asked = source.manifest.fields.runtime;
    const project = projectFolder(source);
    if (asked === undefined && !source.files.some(({ path }) => path.endsWith(".py")) && !source.has(`${project}requirements.txt`)) return undefined;
    const modules = await readModules(source, project);
    const installation = await readInstallation(source, project, modules);
    const entries = entriesOf(source, modules, installation);
    if (entries.length === 0) return withoutEntry(source, modules, installation);
    const version = await choosePython(source, project, installation.pyproject);
    const problems = [...installation.problems, ...("problem" in version ? [version.problem] : []), ...entries.flatMap((entry) => loopbackProblem(modules, entry))];
    if (problems.length > 0 || "problem" in version) return { candidates: [], problems };
    return { candidates: entries.map((entry) => candidateOf({ source, modules, installation, entry, version, isOnly: entries.length === 1 })), problems: [] };
  },
};

/** What a manifest names is not searched for. Applications come before programs: those often run one, for development. */
function entriesOf(source: Source, modules: PythonModules, installation: Installation): Entry[] {
  const { entrypoint, command, runtime } = source.manifest.fields;
  if (entrypoint !== undefined) return namedEntry(source, modules, installation, entrypoint);
  const applications = findApplications(modules);
  if (command !== undefined) return commandEntry(applications, modules, installation, runtime);
  const served = applications.filter(({ serving }) => serving !== "mcp-stdio");
  if (served.length > 0) return served;
  const programs = findPrograms(modules);
  return programs.length > 0 ? programs : findStdioServers(modules);
}

/** With a command of its own, only what kind of tool it is has to be known. */
function commandEntry(applications: Entry[], modules: PythonModules, { asked }: Installation, runtime: Runtime | undefined): Entry[] {
  const [application] = applications;
  const [module] = modules.all;
  if (!module) return [];
  if (application?.framework && (runtime === undefined || application.framework.runtime === runtime)) return [{ ...application, serving: "script", target: "" }];
  const known = Object.values(FRAMEWORKS).find((each) => (runtime === undefined || each.runtime === runtime) && asked.some(({ name }) => name === each.package));
  return known || runtime !== undefined ? [{ target: "", run: [], serving: "script", ...(known && { framework: known }), module, why: "" }] : [];
}

interface Parts {
  source: Source;
  modules: PythonModules;
  installation: Installation;
  entry: Entry;
  version: { version: PythonVersion; reason?: string };
  isOnly: boolean;
}

function candidateOf({ source, modules, installation, entry, version, isOnly }: Parts): Candidate {
  const { manifest } = source;
  const server = SERVERS[entry.serving];
  const runtime = entry.framework?.runtime ?? "python";
  const kind = entry.serving === "mcp-app" || entry.serving === "mcp-stdio" ? (`-${entry.serving}` as const) : "";
  const listening = entry.serving === "script" && manifest.fields.command === undefined ? listeningOf(modules, entry.module) : {};
  const health = MCP_HEALTH[entry.serving];
  const healthPath = entry.serving === "mcp-stdio" ? health : (findHealthPath(modules, entry) ?? health);
  const folder = modules.project.slice(0, -1);
  const home = ["/app", folder].filter(Boolean).join("/");
  const pythonPath = [...modules.roots.map((root) => `${home}/${root}`), home].join(":");
  return {
    runtime,
    version: 3,
    protocol: server.protocol ?? (entry.mountsMcp ? "mcp" : "http"),
    ...(manifest.fields.command === undefined && { entrypoint: entry.target }),
    command: (port) => server.command(entry.run, port),
    ...(listening.port && { port: listening.port }),
    ...(healthPath && { healthPath }),
    ...(installation.packageManager && { packageManager: installation.packageManager }),
    template: `python-${installation.template}${kind}` satisfies PythonTemplateName,
    base: PYTHON_IMAGES[version.version],
    args: {
      ...installation.args,
      ...(server.requirement && { SERVER: server.requirement }),
      ...(folder !== "" && { FOLDER: folder }),
      ...(pythonPath !== "/app" && { PYTHONPATH: pythonPath }),
    },
    files: installation.files,
    reasons: [
      because(runtime, kindReason(entry, installation)),
      ...(manifest.fields.command === undefined ? [because(`entry point ${entry.target}`, entry.why)] : []),
      ...protocolReasons(entry),
      installation.reason,
      ...(version.reason === undefined ? [] : [version.reason]),
    ],
    decidedBy: isOnly ? `runtime: ${runtime}` : `entrypoint: ${entry.target}`,
  };
}

function kindReason({ framework, module, why }: Entry, { asked }: Installation): string {
  const requirement = framework && asked.find(({ name }) => name === framework.package);
  if (!requirement) return framework ? `${module.file} imports ${framework.package}` : why === "" ? "tool.yaml says so" : why;
  return requirement.file.endsWith(".py") ? `${requirement.file}:${requirement.line} imports ${requirement.text}` : asksFor(requirement);
}

/** A pyproject.toml is known without its lines. */
const asksFor = ({ file, line, text }: Asked): string => `${file}${line > 0 ? `:${line}` : ""} asks for ${text}`;

function protocolReasons({ serving, mountsMcp, framework }: Entry): string[] {
  if (serving === "mcp-stdio") return [because("mcp-proxy bridges it to streamable HTTP at /mcp", "it speaks stdio")];
  if (serving === "mcp-app") return [because("streamable HTTP at /mcp", `${framework!.shown}() is an MCP server`)];
  return mountsMcp ? [because("protocol mcp", "an MCP server is part of it")] : [];
}

function loopbackProblem(modules: PythonModules, { serving, module, run }: Entry): Problem[] {
  const found = serving === "script" && run.length > 0 ? listeningOf(modules, module).loopback : undefined;
  if (!found) return [];
  return [{ code: "LISTENS_LOCALLY", message: `listens on ${found.value}, which only its own container reaches; listen on 0.0.0.0`, file: found.file, line: found.line, value: found.value, allowed: "0.0.0.0" }];
}

/** A folder with Python in it is a tool where it asks for what makes one; otherwise it is something else. */
function withoutEntry({ manifest }: Source, modules: PythonModules, { asked, problems }: Installation): Finding | undefined {
  const { runtime, entrypoint } = manifest.fields;
  if (entrypoint?.endsWith(".py")) return { candidates: [], problems: [...problems, noSuchEntry(manifest, entrypoint)] };
  const telling = asked.find(({ name }) => TELLING_PACKAGES.some((each) => each === name));
  if (!telling && runtime === undefined) return undefined;
  const looked = modules.all.slice(0, 5).map(({ file }) => file);
  const more = modules.all.length > looked.length ? ` and ${modules.all.length - looked.length} more` : "";
  const where = looked.length === 0 ? "no Python file is there" : `${looked.join(", ")}${more} ${modules.all.length === 1 ? "has" : "have"} none`;
  const what = telling ? asksFor(telling) : `${manifest.file} says ${runtime}`;
  const message = `${what}, but nothing that starts it was found: ${where}. Needed: an application at the top level of a module ("app = FastAPI()"), a function without arguments that returns one, or a line like "entrypoint: module:variable" in tool.yaml`;
  return { candidates: [], problems: [...problems, { code: "ENTRYPOINT_MISSING", message }] };
}
