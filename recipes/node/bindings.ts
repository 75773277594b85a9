import { childrenOf } from "../child-nodes.ts";
import { argumentsOf, calleeOf, nodesOf, stringOf } from "./syntax-tree.ts";
import type { Made } from "./frameworks.ts";
import type { Code, SyntaxNode } from "./syntax-tree.ts";

/** What a name stands for: an export of a module. `default` is what `require` or a default import gives, `*` all of it. */
export interface Origin {
  module: string;
  name: string;
}

export interface Bindings {
  /** Modules that the code loads, in the order of the text; types only are none. */
  modules: string[];
  origins: Map<string, Origin>;
  /** What variables are first set to. */
  values: Map<string, SyntaxNode>;
  /** What calls make, by where they begin and end, once it was asked. */
  made: Map<string, Made | undefined>;
}

/** Names of a whole file: those of inner scopes count too, the first wins. */
export function bindingsOf(code: Code): Bindings {
  const bindings: Bindings = { modules: [], origins: new Map(), values: new Map(), made: new Map() };
  const bind = (name: string, origin: Origin): void => void (bindings.origins.has(name) || bindings.origins.set(name, origin));
  for (const node of nodesOf(code.tree.topNode, "ImportDeclaration", "ExportDeclaration", "VariableDeclaration", "CallExpression", "DynamicImport")) {
    if (node.name === "ImportDeclaration") addImport(code, node, bindings, bind);
    else if (node.name === "VariableDeclaration") addVariables(code, node, bindings, bind);
    else {
      const module = node.name === "ExportDeclaration" ? stringOf(code, node.getChild("String")) : loadedBy(code, node);
      if (module !== undefined) bindings.modules.push(module);
    }
  }
  return bindings;
}

function addImport(code: Code, node: SyntaxNode, { modules }: Bindings, bind: (name: string, origin: Origin) => void): void {
  const module = stringOf(code, node.getChild("String"));
  if (module === undefined || node.getChild("type")) return;
  modules.push(module);
  const all = node.getChild("Star") !== null;
  const whole = node.getChild("VariableDefinition");
  if (whole) bind(code.text(whole), { module, name: all ? "*" : "default" });
  const group = node.getChild("ImportGroup");
  let imported: string | undefined;
  for (const each of group ? childrenOf(group) : []) {
    if (each.name === "VariableName") imported = code.text(each);
    if (each.name === "VariableDefinition") bind(code.text(each), { module, name: imported ?? code.text(each) });
    if (each.name === ",") imported = undefined;
  }
}

function addVariables(code: Code, node: SyntaxNode, { values }: Bindings, bind: (name: string, origin: Origin) => void): void {
  let target: SyntaxNode | undefined;
  let isValue = false;
  for (const each of childrenOf(node)) {
    if (each.name === "VariableDefinition" || each.name === "ObjectPattern") target = each;
    else if (each.name === "Equals") isValue = true;
    else if (each.name === ",") isValue = false;
    else if (isValue && target) {
      addVariable(code, target, each, values, bind);
      isValue = false;
    }
  }
}

function addVariable(code: Code, target: SyntaxNode, value: SyntaxNode, values: Map<string, SyntaxNode>, bind: (name: string, origin: Origin) => void): void {
  const module = loadedBy(code, value.name === "AwaitExpression" ? value.lastChild! : value);
  if (target.name === "VariableDefinition") {
    const name = code.text(target);
    if (module !== undefined) bind(name, { module, name: "default" });
    if (!values.has(name)) values.set(name, value);
    return;
  }
  for (const property of target.getChildren("PatternProperty")) {
    const local = property.getChild("VariableDefinition");
    const key = property.getChild("PropertyName") ?? local;
    if (!local || !key) continue;
    if (module !== undefined) bind(code.text(local), { module, name: code.text(key) });
    // `const { PORT = 3000 } = process.env`: both say where it is from.
    else if (!values.has(code.text(local))) values.set(code.text(local), property.parent!.parent!);
  }
}

/** The module of `require("x")` and `import("x")`. */
export function loadedBy(code: Code, node: SyntaxNode): string | undefined {
  if (node.name === "DynamicImport") return stringOf(code, node.getChild("String"));
  if (node.name !== "CallExpression") return undefined;
  const callee = calleeOf(node);
  return callee?.name === "VariableName" && code.text(callee) === "require" ? stringOf(code, argumentsOf(node)[0]) : undefined;
}
