import { posix } from "node:path";
import type { Source } from "../source.ts";
import { moduleFile } from "./modules.ts";
import { childrenOf } from "../child-nodes.ts";
import { nodesOf, parseCode } from "./syntax-tree.ts";
import type { Code, SyntaxNode } from "./syntax-tree.ts";

/** Names that packages export as types alone, of those that servers are written with (their declarations). */
const TYPES: Readonly<Record<string, RegExp>> = {
  express: /^(Request|Response|NextFunction|RequestHandler|ErrorRequestHandler|Application|Express)$/,
  fastify: /^Fastify[A-Z]/,
};

type TypesOf = (file: string) => Promise<Set<string>> | undefined;

/**
 * The first type that is imported as if it were a value: a compiler leaves it out, Node looks for it and finds none.
 * Types are known of the tool's own files and of a few packages; another name may be a class.
 */
export async function typeImportedAsValue(source: Source, code: Code, declaration: SyntaxNode, typesOf: TypesOf): Promise<string | undefined> {
  const from = declaration.getChild("String");
  const group = declaration.getChild("ImportGroup");
  if (!from || !group) return undefined;
  const specifier = code.text(from).slice(1, -1);
  const names = importedNames(code, group);
  const known = Object.hasOwn(TYPES, specifier) ? TYPES[specifier] : undefined;
  if (known) return names.find((name) => known.test(name));
  const file = specifier.startsWith(".") ? moduleFile(source, posix.join(posix.dirname(code.path), specifier)) : undefined;
  const types = file === undefined ? undefined : await typesOf(file);
  return types && names.find((name) => types.has(name));
}

/** Of files that are read anyway, each once. */
export function typesIn(source: Source, paths: readonly string[]): TypesOf {
  const read = new Map<string, Promise<Set<string>>>();
  return (file) => {
    const types = read.get(file) ?? (paths.includes(file) ? declaredTypes(source, file) : undefined);
    if (types) read.set(file, types);
    return types;
  };
}

/** As the module that has them calls them; those with `type` before them are left out as they should be. */
function importedNames(code: Code, group: SyntaxNode): string[] {
  const names: string[] = [];
  let parts: SyntaxNode[] = [];
  for (const node of childrenOf(group)) {
    if (node.name === "VariableName" || node.name === "VariableDefinition" || node.name === "type") parts.push(node);
    else if (node.name === "," || node.name === "}") {
      if (parts[0] && parts[0].name !== "type") names.push(code.text(parts[0]));
      parts = [];
    }
  }
  return names;
}

/** Types and interfaces of a file that are not values of the same name too. */
async function declaredTypes(source: Source, file: string): Promise<Set<string>> {
  const code = parseCode(file, await source.text(file));
  const types = nodesOf(code.tree.topNode, "TypeAliasDeclaration", "InterfaceDeclaration").flatMap((node) => node.getChild("TypeDefinition") ?? []);
  const values = new Set(nodesOf(code.tree.topNode, "VariableDefinition").map((node) => code.text(node)));
  return new Set(types.map((node) => code.text(node)).filter((name) => !values.has(name)));
}
