import type { SyntaxNode } from "@lezer/common";
import { FRAMEWORKS } from "./frameworks.ts";
import type { Framework, Serving } from "./frameworks.ts";
import { fullName } from "./module.ts";
import type { Assigned, NamedCall, PythonModule, TopFunction } from "./module.ts";
import { resolveName } from "./modules.ts";
import type { PythonModules } from "./modules.ts";
import { nodesBelow } from "./syntax-tree.ts";

/** Something that could be started. */
export interface Entry {
  /** As a manifest names it: `main:app`, `main:create_app()`, `server.py`. */
  target: string;
  /** What its server is given: the target, or what runs a script. */
  run: string[];
  serving: Serving;
  framework?: Framework;
  module: PythonModule;
  /** "main.py:7 assigns FastAPI() to api" */
  why: string;
  /** A web application that an MCP server is mounted into. */
  mountsMcp?: boolean;
}

/** Applications at the top level of modules, and functions that make one. */
export function findApplications(modules: PythonModules): Entry[] {
  const factories = modules.all.flatMap((module) => module.functions.flatMap((each) => factoryOf(modules, module, each)));
  const used = new Set<string>();
  const entries: Entry[] = [];
  for (const module of modules.all) {
    for (const assigned of module.assigned) {
      const name = resolveName(modules, assigned.call.name);
      const factory = factories.find((each) => each.name === name);
      if (factory) used.add(name);
      const framework = Object.hasOwn(FRAMEWORKS, name) ? FRAMEWORKS[name] : factory?.framework;
      if (framework) entries.push(instanceEntry(module, assigned, framework, factory ? `${assigned.call.callee}(), a ${framework.shown} application,` : `${framework.shown}()`));
    }
  }
  for (const factory of factories) {
    // Called somewhere else, it makes the application that is found there.
    if (factory.callable && !used.has(factory.name)) entries.push(factory.entry);
  }
  return withoutMounted(modules, entries);
}

function instanceEntry(module: PythonModule, { variable, line }: Assigned, framework: Framework, what: string): Entry {
  const target = `${module.name}:${variable}`;
  return { target, run: [target], serving: framework.serving, framework, module, why: `${module.file}:${line} assigns ${what} to ${variable}` };
}

/** Of a module; no real one has as many. */
const MOST_MOUNTS = 100;
/** What serves a low-level server of the official SDK over HTTP, inside of a web application. */
const MCP_OVER_HTTP = "mcp.server.streamable_http";

interface Factory {
  name: string;
  framework: Framework;
  callable: boolean;
  entry: Entry;
}

/** A function that returns what a framework's constructor made in it. */
function factoryOf(modules: PythonModules, module: PythonModule, { name, line, isAsync, callable, body }: TopFunction): Factory[] {
  if (isAsync) return [];
  const made = new Map<string, Framework>();
  const frameworkOf = (node: SyntaxNode | null | undefined): Framework | undefined => {
    const call = node ? module.tree.call(node) : undefined;
    const full = call && resolveName(modules, fullName(module, call.callee));
    return full !== undefined && Object.hasOwn(FRAMEWORKS, full) ? FRAMEWORKS[full] : undefined;
  };
  let framework: Framework | undefined;
  for (const node of nodesBelow(body)) {
    const first = node.firstChild;
    if (node.name === "AssignStatement" && first?.name === "VariableName") {
      const found = frameworkOf(node.lastChild);
      if (found) made.set(module.tree.text(first), found);
    }
    if (node.name === "ReturnStatement" && node.lastChild) framework ??= frameworkOf(node.lastChild) ?? made.get(module.tree.text(node.lastChild));
  }
  if (!framework) return [];
  const target = `${module.name}:${name}()`;
  const entry: Entry = { target, run: [target], serving: framework.serving, framework, module, why: `${module.file}:${line} defines ${name}(), which makes ${framework.shown}()` };
  return [{ name: `${module.name === "" ? "" : `${module.name}.`}${name}`, framework, callable, entry }];
}

/** Applications that another one mounts, registers or includes are part of it; so is an MCP server whose ASGI application is. */
function withoutMounted(modules: PythonModules, entries: Entry[]): Entry[] {
  const mounts = modules.all.flatMap((module) => module.calls.filter(isMount).slice(0, MOST_MOUNTS).map((call) => ({ module, names: namesIn(module, call) })));
  const mounted = (entry: Entry): boolean => {
    const full = entry.target.replace(":", ".").replace("()", "");
    return mounts.some(({ module, names }) => names.some((name) => {
      const target = resolveName(modules, fullName(module, name));
      return target === full || target.startsWith(`${full}.`) || madeFrom(modules, target, full);
    }));
  };
  const inner = entries.filter(mounted);
  const outer = entries.filter((entry) => !inner.includes(entry));
  if (outer.length === 0) return entries;
  const mountsMcp = inner.some(({ serving }) => serving === "mcp-app") || modules.all.some(({ imports }) => [...imports.values()].some((name) => name.startsWith(MCP_OVER_HTTP)));
  return outer.map((entry) => ({ ...entry, ...(mountsMcp && entry.serving === "uvicorn" && { mountsMcp }) }));
}

const isMount = ({ callee }: NamedCall): boolean => ["mount", "Mount", "register_blueprint", "include_router", "DispatcherMiddleware", "WSGIMiddleware"].includes(callee.split(".").at(-1)!);

function namesIn(module: PythonModule, { positional, keywords }: NamedCall): string[] {
  return [...positional, ...keywords.values()].flatMap(nodesBelow).flatMap((node) => module.tree.dotted(node) ?? []);
}

/** `mcp_app = mcp.http_app()`: what is mounted was made from the server. */
function madeFrom({ all }: PythonModules, target: string, full: string): boolean {
  return all.some((module) => module.assigned.some(({ variable, call }) => `${module.name}.${variable}` === target && call.name.startsWith(`${full}.`)));
}
