import type { Found } from "../recipe.ts";
import type { Entry } from "./entries.ts";
import { fullName } from "./module.ts";
import type { NamedCall, PythonModule } from "./module.ts";
import { resolveName } from "./modules.ts";
import type { PythonModules } from "./modules.ts";
import { childrenOf } from "../child-nodes.ts";
import { nodesAround } from "./syntax-tree.ts";

/** Last parts of paths that say whether a tool is well, the best first. */
const NAMES = ["health", "healthz", "healthcheck", "health-check", "health_check", "_health", "readyz", "ready", "readiness", "livez", "live", "liveness", "ping", "status", "heartbeat", "up"];
/** Prefixes of prefixes are followed so far. */
const DEEPEST = 4;

interface Route {
  path: string;
  module: PythonModule;
  line: number;
}

/** A path that a GET without parameters can ask for. */
export function findHealthPath(modules: PythonModules, { framework, module }: Entry): Found<string> | undefined {
  const routes = modules.all.flatMap((each) => [...decoratedRoutes(modules, each), ...calledRoutes(each), ...comparedPaths(each), ...djangoPaths(modules, each)]);
  const ranked = routes
    .map((route) => ({ route, rank: rankOf(route.path) }))
    .filter(({ rank }) => rank >= 0)
    .sort((left, right) => left.rank - right.rank || left.route.path.length - right.route.path.length);
  const [best] = ranked;
  if (best) return { value: best.route.path, why: `${best.route.module.file}:${best.route.line} answers it` };
  const own = framework?.shown === "FastAPI" ? schemaPath(modules, module) : undefined;
  return own === undefined ? undefined : { value: own, why: "FastAPI answers it by itself, and no route for health was found" };
}

function rankOf(path: string): number {
  if (!/^\/[\w./~-]*$/.test(path)) return -1;
  if (path === "/") return NAMES.length;
  return NAMES.indexOf(path.replace(/\/$/, "").split("/").at(-1)!.toLowerCase());
}

function decoratedRoutes(modules: PythonModules, module: PythonModule): Route[] {
  return module.decorated.flatMap((each) => {
    const path = module.tree.string(each.positional[0] ?? each.keywords.get("path") ?? each.keywords.get("rule"));
    if (path === undefined || !["get", "route", "api_route", "custom_route"].includes(each.method) || !takesGet(module, each)) return [];
    const prefixes = prefixesOf(modules, fullName(module, each.owner));
    return prefixes.map((prefix) => ({ path: `${prefix}${path}` === "" ? "/" : `${prefix}${path}`, module, line: each.line }));
  });
}

function takesGet({ tree }: PythonModule, { method, keywords }: { method: string; keywords: NamedCall["keywords"] }): boolean {
  const methods = keywords.get("methods");
  if (methods === undefined) return method !== "custom_route";
  return childrenOf(methods).some((each) => tree.string(each)?.toUpperCase() === "GET");
}

/** `Route("/health", f)` of Starlette, `add_url_rule` of Flask, `router.add_get` of aiohttp. */
function calledRoutes(module: PythonModule): Route[] {
  return module.calls.flatMap((call) => {
    const last = call.callee.split(".").at(-1)!;
    const path = module.tree.string(call.positional[0]);
    if (path === undefined || !["Route", "add_url_rule", "add_api_route", "add_route", "add_get"].includes(last) || !takesGet(module, { method: last, keywords: call.keywords })) return [];
    return isInsideMount(module, call) ? [] : [{ path, module, line: call.line }];
  });
}

function isInsideMount({ tree }: PythonModule, { node }: NamedCall): boolean {
  return [...nodesAround(node)].some((up) => up.name === "CallExpression" && tree.call(up)?.callee.split(".").at(-1) === "Mount");
}

/** `if self.path == "/health"` of http.server. */
function comparedPaths(module: PythonModule): Route[] {
  const { tree } = module;
  const found: Route[] = [];
  tree.top.cursor().iterate(({ name, node }) => {
    if (name !== "BinaryExpression") return;
    const [left, operator, right] = childrenOf(node);
    const path = tree.string(right);
    if (left && operator && path !== undefined && tree.text(operator) === "==" && tree.dotted(left) === "self.path") found.push({ path, module, line: tree.line(node) });
  });
  return found;
}

/** `path("health/", ...)` of the URLs beside `wsgi.py`; those of other folders are included under some prefix. */
function djangoPaths({ byName }: PythonModules, module: PythonModule): Route[] {
  if (!module.name.endsWith(".urls") || !byName.has(`${module.name.slice(0, -".urls".length)}.wsgi`)) return [];
  return module.calls.flatMap((call) => {
    const path = call.name === "django.urls.path" ? module.tree.string(call.positional[0]) : undefined;
    return path === undefined ? [] : [{ path: `/${path}`, module, line: call.line }];
  });
}

/** Where a router's paths begin: once for each place that includes it. An application's begin at "". */
function prefixesOf(modules: PythonModules, full: string, depth = DEEPEST): string[] {
  const router = routerOf(modules, full);
  if (!router) return [""];
  const own = literal(router.module, router.call, ["prefix", "url_prefix"]);
  if (own === undefined || depth === 0) return [];
  return modules.all.flatMap((each) => each.calls.flatMap((call) => {
    const last = call.callee.split(".").at(-1);
    const [argument] = call.positional;
    const name = argument && each.tree.dotted(argument);
    if ((last !== "include_router" && last !== "register_blueprint") || name === undefined || resolveName(modules, fullName(each, name)) !== resolveName(modules, full)) return [];
    const added = literal(each, call, ["prefix", "url_prefix"]);
    const outer = call.callee.slice(0, -last.length - 1);
    if (added === undefined) return [];
    // A prefix at registration takes the place of a blueprint's own; routers' are added.
    const prefix = last === "register_blueprint" ? added || own : `${added}${own}`;
    return prefixesOf(modules, fullName(each, outer), depth - 1).map((before) => `${before}${prefix}`);
  }));
}

function routerOf(modules: PythonModules, full: string): { module: PythonModule; call: NamedCall } | undefined {
  const resolved = resolveName(modules, full);
  for (const module of modules.all) {
    const assigned = module.assigned.find(({ variable }) => `${module.name}.${variable}` === resolved);
    if (assigned && ["APIRouter", "Blueprint"].includes(assigned.call.name.split(".").at(-1)!)) return { module, call: assigned.call };
  }
  return undefined;
}

/** "" where there is none, undefined where it is not written down. */
function literal({ tree }: PythonModule, { keywords }: NamedCall, names: string[]): string | undefined {
  const node = names.map((name) => keywords.get(name)).find((each) => each !== undefined);
  return node === undefined ? "" : tree.string(node);
}

/** FastAPI's own description of itself, unless it is switched off or elsewhere. */
function schemaPath(modules: PythonModules, module: PythonModule): string | undefined {
  const made = module.calls.find((call) => resolveName(modules, call.name) === "fastapi.FastAPI");
  const node = made?.keywords.get("openapi_url");
  return made && !made.keywords.has("root_path") ? (node === undefined ? "/openapi.json" : module.tree.string(node)) : undefined;
}
