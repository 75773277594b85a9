import { DEFAULT_NODE, NODE_IMAGES } from "../base-images.ts";
import type { NodeVersion } from "../base-images.ts";
import type { NodeTemplateName } from "../dockerfiles/nodejs.ts";
import type { Problem } from "../errors.ts";
import { because } from "../recipe.ts";
import type { Candidate, Finding } from "../recipe.ts";
import type { Source } from "../source.ts";
import type { Start } from "./entry.ts";
import { installationOf } from "./installation.ts";
import { nodeVersion } from "./node-version.ts";
import { PACKAGE } from "./package-json.ts";
import type { PackageJson } from "./package-json.ts";
import { ANSWERED_HEALTH } from "./serving.ts";
import type { Serving } from "./serving.ts";
import { isTypeScript } from "./syntax-tree.ts";
import { notErasable } from "./typescript.ts";
import type { WebPage } from "./web-page.ts";

/** Raised when templates build something else of the same files. */
const VERSION = 3;
const HELPERS = "/opt/toolwharf";
const BRIDGE = "/opt/bridge/node_modules/mcp-proxy/dist/bin/mcp-proxy.mjs";

/** @param modules the files that the code was read from, its entry first */
export async function nodeFinding(source: Source, pkg: PackageJson, start: Start, serving: Serving, modules: readonly string[] = []): Promise<Finding> {
  const build = pkg.scripts.build !== undefined;
  const version = await nodeVersion(source, pkg);
  const run = await runOf(source, pkg, start, modules, "problem" in version ? DEFAULT_NODE : version.version);
  const installation = await installationOf(source, pkg, build);
  const problems = [...serving.problems, ...("problem" in run ? [run.problem] : []), ...("problem" in version ? [version.problem] : []), ...installation.problems, ...scriptProblems(pkg)];
  if (problems.length > 0 || "problem" in version || "problem" in run) return { candidates: [], problems };

  const { manifest } = source;
  const bridge = serving.speaks === "mcp-stdio";
  const template: NodeTemplateName = `nodejs${installation.installer ? `-${installation.installer}` as const : ""}${build ? (bridge ? "-build-mcp-stdio" : "-build") : bridge ? "-mcp-stdio" : ""}`;
  const answers = serving.answersHealth && manifest.fields.healthPath === undefined;
  const health = serving.health ?? (answers ? ANSWERED_HEALTH : undefined);
  const speaksMcp = serving.speaks !== "http" || (serving.framework === undefined && manifest.fields.command !== undefined && MCP_PACKAGES.some((name) => name in pkg.dependencies));
  const port = run.port === undefined ? serving.port : { value: run.port, why: `the start script of ${PACKAGE} sets PORT to it` };
  const candidate: Candidate = {
    runtime: "nodejs",
    version: VERSION,
    protocol: manifest.fields.command !== undefined && manifest.fields.protocol ? manifest.fields.protocol : speaksMcp ? "mcp" : "http",
    ...(start.file !== undefined && { entrypoint: start.file }),
    command: (at) => (bridge ? ["node", BRIDGE, "--host", "0.0.0.0", "--port", String(at), "--server", "stream", "--stateless", "--", "node", `${HELPERS}/end-with-server.cjs`, ...run.words] : run.words),
    ...(port && { port }),
    ...(health && { healthPath: health }),
    ...(installation.packageManager && { packageManager: installation.packageManager }),
    environment: (at) => ({ ...run.environment, ...serving.environment?.(at), ...(answers && { TOOLWHARF_HEALTH_PATH: ANSWERED_HEALTH.value }) }),
    template,
    files: installation.files,
    base: NODE_IMAGES[version.version],
    args: { ...installation.args, ...(build && { SCRIPTS: "build" }) },
    reasons: [because("nodejs", serving.framework ? `${serving.framework.at} makes ${serving.framework.value.shown}` : `${PACKAGE} is there`), ...run.reasons, ...serving.reasons, version.reason, ...installation.reasons, ...buildReasons(start, build)],
    decidedBy: "runtime: nodejs",
  };
  return { candidates: [candidate], problems: [] };
}

const MCP_PACKAGES = ["@modelcontextprotocol/sdk", "@modelcontextprotocol/server", "fastmcp"];

interface Run {
  words: string[];
  environment: Record<string, string>;
  port?: number;
  reasons: string[];
}

async function runOf(source: Source, pkg: PackageJson, start: Start, modules: readonly string[], version: NodeVersion): Promise<Run | { problem: Problem }> {
  const { file, command, why } = start;
  if (file === undefined) return { words: ["npm", "run", "--silent", "start"], environment: {}, reasons: [source.manifest.fields.command ? because("nothing of package.json is started", why) : because("npm runs it", why)] };
  const { PORT, NODE_ENV, ...environment } = command?.environment ?? {};
  const run: Run = { words: command?.words ?? ["node", file], environment, ...(PORT !== undefined && /^[1-9]\d{0,4}$/.test(PORT) && { port: Number(PORT) }), reasons: [because(`entry point ${file}`, why)] };
  if (!isTypeScript(file)) return run;
  if (command?.needs === "tsx" && "tsx" in pkg.dependencies) return { ...run, words: ["node", "--import", "tsx", ...run.words.slice(1)], reasons: [...run.reasons, because("tsx takes its types out", `${PACKAGE} has it in its dependencies`)] };
  const obstacle = version === "20" ? "Node 20 runs no TypeScript" : await notErasable(source, modules.filter(isTypeScript));
  if (obstacle === undefined) return { ...run, reasons: [...run.reasons, because("Node takes its types out", "all of its TypeScript can be run so")] };
  return { problem: { code: "ENTRYPOINT_MISSING", message: `it starts with ${file}, and ${obstacle}, so that Node cannot run it as it is; add a build script (such as "build": "tsc") and start what it makes, or put tsx into dependencies and start with "tsx ${file}"`, file: PACKAGE } };
}

function buildReasons({ file, code }: Start, build: boolean): string[] {
  if (!build) return [];
  return [file !== undefined && code !== undefined && file !== code ? because(`npm run build makes ${file}`, `it is not there and ${code} is`) : because("npm run build before the start", `${PACKAGE} has a build script`)];
}

/** They write into node_modules what the last stage would not have. */
function scriptProblems({ scripts }: PackageJson): Problem[] {
  const wrong = ["install", "postinstall", "prepare", "build"].filter((name) => (scripts[name] ?? "").split(/[\s&;]+/).some((word) => word === "prisma" || word === "patch-package"));
  return wrong.map((name) => ({ code: "DEPENDENCIES_UNSUPPORTED", message: `has the script ${name}: ${scripts[name]}, which changes installed packages, and that is not supported; add a Dockerfile`, file: PACKAGE }));
}

/** A page that is made once and served as files. */
export async function pageFinding(source: Source, pkg: PackageJson, { shown, folder }: Exclude<WebPage, { refused: string }>): Promise<Finding> {
  const version = await nodeVersion(source, pkg);
  const installation = await installationOf(source, pkg, true);
  const problems = [...("problem" in version ? [version.problem] : []), ...installation.problems];
  if (problems.length > 0 || "problem" in version) return { candidates: [], problems };
  const candidate: Candidate = {
    runtime: "static",
    version: VERSION,
    protocol: "http",
    command: () => ["node", `${HELPERS}/serve-site.cjs`, "."],
    healthPath: { value: "/health", why: "the file server answers it" },
    ...(installation.packageManager && { packageManager: installation.packageManager }),
    template: `nodejs${installation.installer ? (`-${installation.installer}` as const) : ""}-site`,
    files: installation.files,
    base: NODE_IMAGES[version.version],
    args: { ...installation.args, SCRIPTS: "build", SITE: folder },
    reasons: [because("static", `npm run build makes a page of it with ${shown}, in ${folder}, and nothing starts a server`), version.reason, ...installation.reasons],
    decidedBy: "runtime: static",
  };
  return { candidates: [candidate], problems: [] };
}
