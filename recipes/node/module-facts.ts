import { bindingsOf, loadedBy } from "./bindings.ts";
import type { Bindings } from "./bindings.ts";
import { frameworkOf } from "./frameworks.ts";
import type { Framework, Made } from "./frameworks.ts";
import { argumentsOf, calleeOf, memberOf, nodesOf, propertyOf, stringOf } from "./syntax-tree.ts";
import type { Code, SyntaxNode } from "./syntax-tree.ts";

/** Something in the code, with where it is: `src/server.ts:12`. */
export interface At<T> {
  value: T;
  at: string;
}

/** What one file says of a server. */
export interface ModuleFacts {
  path: string;
  modules: string[];
  made: At<Framework>[];
  /** Paths that GET or anything is answered at. */
  routes: At<{ method: string; path: string }>[];
  /** Where it listens: a port that is written in the code whatever PORT says, or undefined, when PORT or something unknown decides. */
  ports: At<number | undefined>[];
  /** Listens where only its own container reaches it, and what to write instead. */
  local: At<{ cause: string; instead: string }>[];
  /** What FastMCP is started with: `stdio`, `httpStream`, or nothing. */
  started: At<string | undefined>[];
}

const LOCAL = ["localhost", "127.0.0.1", "::1", "[::1]"];
/** No one writes a longer expression for a port, and every name in it is looked up again. */
const MAX_PORT_LENGTH = 500;
const MAX_PORT_NAMES = 8;
/** Links of a chain such as `new Hono().get(...).get(...)`. */
const MAX_CHAIN = 100;
const ROUTE_METHODS = ["get", "post", "all", "use", "head"];

export function moduleFacts(code: Code): ModuleFacts {
  const bindings = bindingsOf(code);
  const facts: ModuleFacts = { path: code.path, modules: bindings.modules, made: [], routes: [], ports: [], local: [], started: [] };
  const at = (node: SyntaxNode): string => `${code.path}:${code.line(node)}`;
  const calls = nodesOf(code.tree.topNode, "CallExpression", "NewExpression");
  // What a link of a chain is made of comes after it in the text's order: from the end, each is looked at once.
  for (const call of calls.toReversed()) madeBy(code, bindings, call);
  for (const call of calls) {
    const framework = frameworkMadeBy(code, bindings, call);
    if (framework) {
      facts.made.push({ value: framework, at: at(call) });
      if (framework.makes === "serve") addListening(code, bindings, call, argumentsOf(call)[0], ["port", "hostname"], facts, at);
      if (framework.makes === "mcp-local-app" && localHost(code, bindings, propertyOf(code, argumentsOf(call)[0], "host")) !== false) {
        facts.local.push({ value: { cause: "createMcpExpressApp() answers only requests for localhost", instead: 'createMcpExpressApp({ host: "0.0.0.0" })' }, at: at(call) });
      }
    }
    const member = memberOf(code, calleeOf(call));
    if (call.name === "CallExpression" && member) addMember(code, bindings, call, member, facts, at);
  }
  for (const node of nodesOf(code.tree.topNode, "BinaryExpression", "CaseLabel")) {
    // How a server without a framework tells paths apart.
    for (const path of node.getChildren("String").map((each) => stringOf(code, each))) if (path?.startsWith("/")) facts.routes.push({ value: { method: "get", path }, at: at(node) });
  }
  return facts;
}

function addMember(code: Code, bindings: Bindings, call: SyntaxNode, { object, property }: { object: SyntaxNode; property: string }, facts: ModuleFacts, at: (node: SyntaxNode) => string): void {
  const made = madeBy(code, bindings, object);
  const [first, second] = argumentsOf(call);
  if (property === "listen") {
    if (made === "fastify" || first?.name === "ObjectExpression") addListening(code, bindings, call, first, ["port", "host"], facts, at, made === "fastify");
    else addAddress(code, bindings, call, first, second, facts, at);
  } else if (property === "start" && made === "fastmcp") {
    facts.started.push({ value: stringOf(code, propertyOf(code, first, "transportType")), at: at(call) });
    addListening(code, bindings, call, propertyOf(code, first, "httpStream"), ["port", "host"], facts, at);
  } else if (property === "route") {
    const [method, path] = ["method", "url"].map((name) => stringOf(code, propertyOf(code, first, name)));
    if (method !== undefined && path?.startsWith("/")) facts.routes.push({ value: { method: method.toLowerCase(), path }, at: at(call) });
  } else if (ROUTE_METHODS.includes(property) && second !== undefined && isApp(code, made, object)) {
    const path = stringOf(code, first);
    if (path?.startsWith("/")) facts.routes.push({ value: { method: property, path }, at: at(call) });
  }
}

/** What is handed around is often called what it is; a router's paths begin somewhere else. */
function isApp(code: Code, made: Made | undefined, object: SyntaxNode): boolean {
  if (made !== undefined) return made === "app" || made === "fastify" || made === "mcp-local-app";
  return object.name === "VariableName" && ["app", "fastify", "server", "api"].includes(code.text(object));
}

/** `listen(port, host)` */
function addAddress(code: Code, bindings: Bindings, call: SyntaxNode, port: SyntaxNode | undefined, host: SyntaxNode | undefined, facts: ModuleFacts, at: (node: SyntaxNode) => string): void {
  facts.ports.push({ value: fixedPort(code, bindings, port), at: at(call) });
  const local = localHost(code, bindings, host);
  if (typeof local === "string") facts.local.push({ value: { cause: `it listens on ${local}`, instead: "0.0.0.0" }, at: at(call) });
}

/** `listen({ port, host })`; Fastify listens on localhost when it is told no host. */
function addListening(code: Code, bindings: Bindings, call: SyntaxNode, options: SyntaxNode | undefined, [port, host]: [string, string], facts: ModuleFacts, at: (node: SyntaxNode) => string, fastify = false): void {
  const object = resolved(code, bindings, options);
  const hostNode = propertyOf(code, object, host);
  addAddress(code, bindings, call, propertyOf(code, object, port), hostNode, facts, at);
  const known = object === undefined || (object.name === "ObjectExpression" && !nodesOf(object, "Spread").length);
  if (fastify && known && hostNode === undefined) facts.local.push({ value: { cause: "Fastify listens on localhost unless it is told another host", instead: 'listen({ port, host: "0.0.0.0" })' }, at: at(call) });
}

/** @returns the local host; `undefined`: none is given; `false`: another, or one that only a run can tell */
function localHost(code: Code, bindings: Bindings, node: SyntaxNode | undefined): string | undefined | false {
  if (node === undefined) return undefined;
  const host = stringOf(code, resolved(code, bindings, node));
  return host !== undefined && LOCAL.includes(host) ? host : false;
}

/** A number that PORT cannot change. Of `process.env.API_PORT || 3000` it is what is there when nothing is set. */
function fixedPort(code: Code, bindings: Bindings, node: SyntaxNode | undefined, depth = 0): number | undefined {
  if (node === undefined || depth > 4 || node.name === "ObjectExpression" || node.to - node.from > MAX_PORT_LENGTH) return undefined;
  // What is calculated has numbers that are no port.
  if (nodesOf(node, "ArrayExpression", "ArithOp", "TemplateString").length > 0) return undefined;
  const text = code.text(node);
  if (nodesOf(node, "PropertyName", "String", "PropertyDefinition", "VariableDefinition").some((each) => (stringOf(code, each) ?? code.text(each)) === "PORT") && text.includes("env")) return undefined;
  const names = nodesOf(node, "VariableName").map((each) => bindings.values.get(code.text(each)));
  if (names.length > MAX_PORT_NAMES) return undefined;
  const inner = names.filter((value) => value !== undefined && !(value.from <= node.from && value.to >= node.to));
  // A variable that is set from PORT anywhere on the way is told by it.
  if (inner.some((value) => fixedPort(code, bindings, value, depth + 1) === undefined)) return undefined;
  const numbers = nodesOf(node, "Number", "String").map((each) => Number(stringOf(code, each) ?? code.text(each))).filter((value) => Number.isInteger(value) && value > 0 && value < 65_536 && value !== 10);
  return numbers.at(-1) ?? (inner.length > 0 ? fixedPort(code, bindings, inner[0], depth + 1) : undefined);
}

function resolved(code: Code, { values }: Bindings, node: SyntaxNode | undefined): SyntaxNode | undefined {
  return node?.name === "VariableName" ? (values.get(code.text(node)) ?? node) : node;
}

/** The framework that a call or `new` is of: `express()`, `require("fastify")()`, `http.createServer()`, `new sdk.Server()`. */
function frameworkMadeBy(code: Code, { origins }: Bindings, call: SyntaxNode): Framework | undefined {
  const callee = calleeOf(call);
  if (!callee) return undefined;
  const direct = loadedBy(code, callee);
  if (direct !== undefined) return frameworkOf({ module: direct, name: "default" });
  if (callee.name === "VariableName") {
    const origin = origins.get(code.text(callee));
    return origin && frameworkOf(origin);
  }
  const member = memberOf(code, callee);
  if (!member) return undefined;
  const module = loadedBy(code, member.object) ?? (member.object.name === "VariableName" ? origins.get(code.text(member.object))?.module : undefined);
  return module === undefined ? undefined : frameworkOf({ module, name: member.property });
}

/** What an expression holds: a variable's first value, or the start of a chain of calls. */
function madeBy(code: Code, bindings: Bindings, node: SyntaxNode, depth = 0): Made | undefined {
  if (depth > MAX_CHAIN) return undefined;
  if (node.name === "VariableName") {
    const value = bindings.values.get(code.text(node));
    return value && madeBy(code, bindings, value, depth + 1);
  }
  if (node.name === "AwaitExpression" || node.name === "ParenthesizedExpression") {
    const inner = node.name === "AwaitExpression" ? node.lastChild : node.firstChild?.nextSibling;
    return inner ? madeBy(code, bindings, inner, depth + 1) : undefined;
  }
  if (node.name !== "CallExpression" && node.name !== "NewExpression") return undefined;
  const key = `${node.from} ${node.to}`;
  if (bindings.made.has(key)) return bindings.made.get(key);
  const member = memberOf(code, calleeOf(node));
  const made = frameworkMadeBy(code, bindings, node)?.makes ?? (member && madeBy(code, bindings, member.object, depth + 1));
  bindings.made.set(key, made);
  return made;
}
