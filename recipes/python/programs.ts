import type { SyntaxNode } from "@lezer/common";
import type { Found } from "../recipe.ts";
import type { Entry } from "./entries.ts";
import { FRAMEWORKS, LISTENERS, LOCAL_BY_DEFAULT } from "./frameworks.ts";
import type { NamedCall, PythonModule } from "./module.ts";
import { resolveName } from "./modules.ts";
import type { PythonModules } from "./modules.ts";
import { childrenOf } from "../child-nodes.ts";
import { nodesAround } from "./syntax-tree.ts";

/** Where a program listens, as far as it is written down. */
export interface Listening {
  port?: Found<number>;
  /** Line of an address that only the container itself reaches. */
  loopback?: { file: string; line: number; value: string };
}

/** Modules that listen themselves when they are run: `python main.py`. */
export function findPrograms(modules: PythonModules): Entry[] {
  return modules.all.flatMap((module) => {
    const call = listeningCalls(modules, module)[0];
    if (!call || (module.mainLine === undefined && !isAtTop(call.node))) return [];
    return [{ ...scriptOf(modules, module), serving: "script" as const, module, why: `${module.file}:${call.line} listens by ${call.callee}()${module.mainLine === undefined ? "" : " when it is run"}` }];
  });
}

/** MCP servers of the official SDK's low-level kind, wherever they are made, and servers that are made inside of a function. */
export function findStdioServers(modules: PythonModules): Entry[] {
  const makers = modules.all.flatMap((module) => module.calls.flatMap((call) => {
    const name = resolveName(modules, call.name);
    const framework = Object.hasOwn(FRAMEWORKS, name) ? FRAMEWORKS[name] : undefined;
    return framework && (framework.serving === "mcp-stdio" || framework.serving === "mcp-app") ? [{ module, call, framework }] : [];
  }));
  const [first] = makers;
  if (!first) return [];
  // The file that is run may be another one, which imports the server.
  const started = modules.all.filter(({ mainLine, file }) => mainLine !== undefined || file.endsWith("__main__.py"));
  const runnable = started.some((module) => module === first.module) ? [first.module] : started.filter((module) => importsFrom(modules, module, first.module));
  return runnable.slice(0, 1).map((module) => ({ ...scriptOf(modules, module), serving: "mcp-stdio" as const, framework: { ...first.framework, serving: "mcp-stdio" as const }, module, why: `${first.module.file}:${first.call.line} makes ${first.framework.shown}(), which ${module.file} runs over stdio` }));
}

/** A module of a package is run as one, so that its relative imports work. */
export function scriptOf({ byName, project }: PythonModules, { file, name }: PythonModule): Pick<Entry, "target" | "run"> {
  const target = file.slice(project.length);
  const isMain = target.endsWith("/__main__.py");
  const inPackage = byName.get(name.split(".").slice(0, -1).join("."))?.file.endsWith("__init__.py") === true && name.includes(".");
  return { target, run: isMain ? ["python", "-m", name.slice(0, -".__main__".length)] : inPackage ? ["python", "-m", name] : ["python", target] };
}

function importsFrom(modules: PythonModules, module: PythonModule, other: PythonModule): boolean {
  return [...module.imports.values()].some((name) => name === other.name || resolveName(modules, name).startsWith(`${other.name}.`) || name.startsWith(`${other.name}.`));
}

export function listeningOf(modules: PythonModules, module: PythonModule): Listening {
  const found: Listening = {};
  for (const call of listeningCalls(modules, module)) {
    const { host, port } = addressOf(module, call);
    const number = valueOf(module, port, (node) => module.tree.number(node));
    const name = valueOf(module, host, (node) => module.tree.string(node));
    if (number !== undefined && number >= 1 && number <= 65_535) found.port ??= { value: number, why: `${module.file}:${call.line} listens there` };
    const reached = name ?? (host === undefined && LOCAL_BY_DEFAULT.has(resolveName(modules, call.name)) ? "127.0.0.1" : undefined);
    if (reached !== undefined && ["127.0.0.1", "localhost", "::1"].includes(reached)) found.loopback ??= { file: module.file, line: call.line, value: reached };
  }
  return found;
}

function listeningCalls(modules: PythonModules, { calls }: PythonModule): NamedCall[] {
  return calls.filter(({ name, callee, positional }) => LISTENERS.has(resolveName(modules, name)) || (callee.endsWith(".listen") && positional.length > 0));
}

/** `host=, port=`; or a pair of both; or the port alone, of `listen(8888)`. */
function addressOf({ tree }: PythonModule, { positional, keywords, callee }: NamedCall): { host?: SyntaxNode; port?: SyntaxNode } {
  const pair = [...positional, ...keywords.values()].find(({ name }) => name === "TupleExpression");
  const [host, port] = pair ? childrenOf(pair).filter(({ name }) => !["(", ")", ","].includes(name)) : [];
  if (pair) return { host, port };
  const rest = callee.endsWith(".listen") ? positional[0] : positional.find((node) => tree.number(node) !== undefined);
  return { host: keywords.get("host") ?? positional.find((node) => tree.string(node) !== undefined && /^[\d.:]+$|^localhost$/.test(tree.string(node)!)), port: keywords.get("port") ?? rest };
}

/** What is written, or the constant of the top level that is named. */
function valueOf<T>(module: PythonModule, node: SyntaxNode | undefined, read: (node: SyntaxNode | undefined) => T | undefined): T | undefined {
  return node?.name === "VariableName" ? read(module.constants.get(module.tree.text(node))) : read(node);
}

function isAtTop(node: SyntaxNode): boolean {
  return ![...nodesAround(node)].some(({ name }) => name === "FunctionDefinition" || name === "ClassDefinition" || name === "LambdaExpression");
}
