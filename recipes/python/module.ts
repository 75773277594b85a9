import type { SyntaxNode } from "@lezer/common";
import { childrenOf } from "../child-nodes.ts";
import { nodesAround, nodesBelow, PythonTree, splitAt } from "./syntax-tree.ts";
import type { Call } from "./syntax-tree.ts";

/** A call with the full name of what it calls, as far as imports tell: `f.FastAPI` is `fastapi.FastAPI`. */
export interface NamedCall extends Call {
  name: string;
  line: number;
}

/** `app = FastAPI()` at the top level. */
export interface Assigned {
  variable: string;
  call: NamedCall;
  line: number;
}

/** A function at the top level. */
export interface TopFunction {
  name: string;
  line: number;
  isAsync: boolean;
  /** Whether it can be called without arguments. */
  callable: boolean;
  body: SyntaxNode;
}

/** `@app.get("/health")` */
export interface Decorated extends NamedCall {
  /** What the decorator is a method of: `app`; and the method. */
  owner: string;
  method: string;
}

export interface ImportedPackage {
  /** First part of what is imported. */
  name: string;
  /** All of it. */
  full: string;
  line: number;
}

/** What one Python file says, read from its syntax tree. */
export interface PythonModule {
  file: string;
  /** `app.main`; a package's `__init__.py` has the package's name. */
  name: string;
  tree: PythonTree;
  /** Local name to full name. */
  imports: Map<string, string>;
  /** Imports that must succeed when the module is loaded: outside of `try`, functions and `TYPE_CHECKING`. */
  required: ImportedPackage[];
  assigned: Assigned[];
  functions: TopFunction[];
  calls: NamedCall[];
  decorated: Decorated[];
  /** Line of `if __name__ == "__main__":`. */
  mainLine?: number;
  /** Numbers and strings of the top level, by name. */
  constants: Map<string, SyntaxNode>;
}

/** @param packageName dotted, "" at the root: what relative imports start from */
export function readModule(file: string, name: string, packageName: string, code: string): PythonModule {
  const tree = new PythonTree(code);
  const module: PythonModule = { file, name, tree, imports: new Map(), required: [], assigned: [], functions: [], calls: [], decorated: [], constants: new Map() };
  const all = nodesBelow(tree.top);
  for (const node of all) if (node.name === "ImportStatement") readImport(module, node, packageName);
  for (const node of all) {
    const call = node.name === "CallExpression" ? named(module, tree.call(node)) : undefined;
    if (call) module.calls.push(call);
    if (node.name === "Decorator") readDecorator(module, node);
  }
  readStatements(module, childrenOf(tree.top), true);
  return module;
}

/** The full name of a name in a module. */
export function fullName({ imports, name }: Pick<PythonModule, "imports" | "name">, written: string): string {
  const [first, ...rest] = written.split(".");
  const imported = imports.get(first!);
  return [imported ?? `${name === "" ? "" : `${name}.`}${first}`, ...rest].join(".");
}

function named(module: PythonModule, call: Call | undefined): NamedCall | undefined {
  return call && { ...call, name: fullName(module, call.callee), line: module.tree.line(call.node) };
}

function readImport(module: PythonModule, node: SyntaxNode, packageName: string): void {
  const { tree } = module;
  const parts = childrenOf(node).filter(({ name }) => name !== "(" && name !== ")");
  const at = parts.findIndex(({ name }) => name === "import");
  const isFrom = parts[0]?.name === "from";
  const source = parts.slice(1, Math.max(at, 1)).map((part) => tree.text(part)).join("");
  const dots = /^\.*/.exec(source)![0].length;
  const base = dots === 0 ? [] : packageName.split(".").filter(Boolean).slice(0, dots === 1 ? undefined : 1 - dots);
  const from = [...base, ...source.slice(dots).split(".").filter(Boolean)].join(".");
  const line = tree.line(node);
  for (const item of splitAt(parts.slice(at + 1), ",")) {
    const alias = item.findIndex(({ name }) => name === "as");
    const written = (alias < 0 ? item : item.slice(0, alias)).map((part) => tree.text(part)).join("");
    if (written === "") continue;
    const full = isFrom ? `${from}${from === "" ? "" : "."}${written}` : written;
    const local = alias < 0 ? written : tree.text(item.at(-1)!);
    // `import a.b` binds a; `import a.b as c` binds c to a.b.
    module.imports.set(isFrom || alias >= 0 ? local : written.split(".")[0]!, isFrom || alias >= 0 ? full : written.split(".")[0]!);
    if (dots === 0 && mustSucceed(module, node)) module.required.push({ name: full.split(".")[0]!, full: isFrom ? from : full, line });
  }
}

function mustSucceed({ tree }: PythonModule, node: SyntaxNode): boolean {
  for (const up of nodesAround(node)) {
    if (up.name === "TryStatement" || up.name === "FunctionDefinition" || up.name === "LambdaExpression") return false;
    if (up.name === "IfStatement" && childrenOf(up)[1] && tree.text(childrenOf(up)[1]!).includes("TYPE_CHECKING")) return false;
  }
  return true;
}

function readDecorator(module: PythonModule, node: SyntaxNode): void {
  const { tree } = module;
  const list = node.getChild("ArgList");
  const callee = childrenOf(node).filter(({ name }) => name === "VariableName" || name === "PropertyName").map((part) => tree.text(part));
  if (!list || callee.length < 2) return;
  const owner = callee.slice(0, -1).join(".");
  const written = callee.join(".");
  module.decorated.push({ callee: written, name: fullName(module, written), owner, method: callee.at(-1)!, ...tree.arguments(list), node, line: tree.line(node) });
}

/** The top level, and what is inside its `if`, `try` and `with`. */
function readStatements(module: PythonModule, statements: readonly SyntaxNode[], outermost: boolean): void {
  for (const node of statements) {
    if (node.name === "AssignStatement") readAssignment(module, node);
    else if (node.name === "FunctionDefinition") readFunction(module, node);
    else if (node.name === "DecoratedStatement" && node.lastChild?.name === "FunctionDefinition") readFunction(module, node.lastChild);
    else if (node.name === "IfStatement" && isMain(module, node)) module.mainLine ??= module.tree.line(node);
    else if (outermost && ["IfStatement", "TryStatement", "WithStatement"].includes(node.name)) for (const body of node.getChildren("Body")) readStatements(module, childrenOf(body), false);
  }
}

function readAssignment(module: PythonModule, node: SyntaxNode): void {
  const parts = childrenOf(node);
  const value = parts.at(-1)!;
  if (parts.some(({ name }) => name === ",")) return;
  const variables = parts.slice(0, -1).filter(({ name }) => name === "VariableName").map((part) => module.tree.text(part));
  const call = named(module, module.tree.call(value));
  // `a = b = X()` is one thing with two names.
  if (call && variables[0] !== undefined) module.assigned.push({ variable: variables[0], call, line: module.tree.line(node) });
  for (const variable of variables) {
    if (value.name === "Number" || value.name === "String") module.constants.set(variable, value);
  }
}

function readFunction(module: PythonModule, node: SyntaxNode): void {
  const name = node.getChild("VariableName");
  const parameters = node.getChild("ParamList");
  const body = node.getChild("Body");
  if (!name || !parameters || !body) return;
  const written = splitAt(childrenOf(parameters).slice(1, -1), ",").filter((part) => part.length > 0);
  const callable = written.every((part) => part.some((each) => ["AssignOp", "*", "**", "/"].includes(each.name)));
  module.functions.push({ name: module.tree.text(name), line: module.tree.line(node), isAsync: node.firstChild?.name === "async", callable, body });
}

function isMain({ tree }: PythonModule, node: SyntaxNode): boolean {
  const condition = childrenOf(node)[1];
  const [left, operator, right] = condition?.name === "BinaryExpression" ? childrenOf(condition) : [];
  const sides = [left, right].map((side) => side && (tree.string(side) ?? tree.text(side)));
  return operator !== undefined && tree.text(operator) === "==" && sides.includes("__name__") && sides.includes("__main__");
}
