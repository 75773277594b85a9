// A parser that goes on after what it does not understand, knows TypeScript and JSX, and runs nothing.
import { parser } from "@lezer/javascript";
import type { SyntaxNode, Tree } from "@lezer/common";
import { childrenOf } from "../child-nodes.ts";
import { lineFinder } from "../line-finder.ts";

export type { SyntaxNode } from "@lezer/common";

const JAVASCRIPT = parser.configure({ dialect: "jsx" });
const TYPESCRIPT = parser.configure({ dialect: "ts" });

/** The code of one file, parsed. */
export interface Code {
  path: string;
  tree: Tree;
  text: (node: SyntaxNode) => string;
  /** From 1. */
  line: (node: SyntaxNode) => number;
}

export const isTypeScript = (path: string): boolean => /\.[cm]?ts$/.test(path);

export function parseCode(path: string, text: string): Code {
  const lineAt = lineFinder(text);
  return {
    path,
    tree: (isTypeScript(path) ? TYPESCRIPT : JAVASCRIPT).parse(text),
    text: (node) => text.slice(node.from, node.to),
    line: (node) => lineAt(node.from),
  };
}

/** Every node of one of the names, in the order of the text. */
export function nodesOf(root: SyntaxNode, ...names: string[]): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  root.cursor().iterate((cursor) => void (names.includes(cursor.name) && found.push(cursor.node)));
  return found;
}

/** The text of a string without escapes and holes; undefined: it is something else. */
export function stringOf(code: Code, node: SyntaxNode | null | undefined): string | undefined {
  if (node?.name !== "String" && !(node?.name === "TemplateString" && node.firstChild === null)) return undefined;
  const text = code.text(node!).slice(1, -1);
  return text.includes("\\") ? undefined : text;
}

/** The arguments of a call, without commas and comments. */
export function argumentsOf(call: SyntaxNode): SyntaxNode[] {
  const list = call.getChild("ArgList");
  return list ? childrenOf(list).filter(({ name }) => !["(", ")", ",", "LineComment", "BlockComment"].includes(name)) : [];
}

/** What is called or constructed: `app.listen` in `app.listen(1)`. */
export function calleeOf(call: SyntaxNode): SyntaxNode | null {
  const callee = call.name === "NewExpression" ? (call.firstChild?.nextSibling ?? null) : call.firstChild;
  return callee?.name === "InstantiationExpression" ? callee.firstChild : callee;
}

/** `listen` of `app.listen`, with what it is taken of. */
export function memberOf(code: Code, node: SyntaxNode | null): { object: SyntaxNode; property: string } | undefined {
  if (node?.name !== "MemberExpression") return undefined;
  const property = node.getChild("PropertyName");
  const named = property ? code.text(property) : stringOf(code, node.getChild("String"));
  return named === undefined ? undefined : { object: node.firstChild!, property: named };
}

/** The value of a property of an object literal; `{ port }` gives the variable's name. */
export function propertyOf(code: Code, object: SyntaxNode | undefined, name: string): SyntaxNode | undefined {
  if (object?.name !== "ObjectExpression") return undefined;
  for (const property of object.getChildren("Property")) {
    const key = property.getChild("PropertyDefinition") ?? property.getChild("String");
    if (!key || (stringOf(code, key) ?? code.text(key)) !== name) continue;
    return property.lastChild!;
  }
  return undefined;
}
