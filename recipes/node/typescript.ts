import { posix } from "node:path";
import type { Source } from "../source.ts";
import { moduleFile } from "./modules.ts";
import { nodesOf, parseCode } from "./syntax-tree.ts";
import { typeImportedAsValue, typesIn } from "./type-imports.ts";

/** The TypeScript that a compiler makes a file of: `src/server.ts` of `dist/server.js`. */
export function typeScriptOf(source: Source, built: string): string | undefined {
  const [, ...below] = built.replace(/^\.\//, "").split("/");
  const inside = below.join("/");
  const names = [inside && `src/${inside}`, inside, built.replace(/^\.\//, "")].filter(Boolean).map((path) => path.replace(/\.([cm]?)js$/, ".$1ts"));
  return names.find((path) => /\.[cm]?ts$/.test(path) && source.has(path));
}

/**
 * What keeps Node from running TypeScript as it is, by taking out types alone.
 * (Node docs, TypeScript: no enums, namespaces, parameter properties, decorators; imports name files with their ending, and types by `type`.)
 *
 * @returns `src/a.ts:3 has an enum`, or undefined when nothing does
 */
export async function notErasable(source: Source, paths: readonly string[]): Promise<string | undefined> {
  const typesOf = typesIn(source, paths);
  for (const path of paths) {
    const code = parseCode(path, await source.text(path));
    for (const node of nodesOf(code.tree.topNode, "EnumDeclaration", "NamespaceDeclaration", "Privacy", "Decorator", "PrefixCast", "ImportDeclaration", "ExportDeclaration")) {
      const where = `${path}:${code.line(node)}`;
      const ambient = node.parent?.name === "AmbientDeclaration";
      if (node.name === "EnumDeclaration" && !ambient) return `${where} has an enum`;
      if (node.name === "NamespaceDeclaration" && !ambient) return `${where} has a namespace`;
      if (node.name === "Privacy" && node.parent?.name === "ParamList") return `${where} has a parameter property`;
      if (node.name === "Decorator") return `${where} has a decorator`;
      if (node.name === "PrefixCast") return `${where} has a cast in angle brackets`;
      const specifier = node.getChild("String");
      if (!specifier || node.getChild("type")) continue;
      const text = code.text(specifier).slice(1, -1);
      if (text.startsWith(".") && !source.has(join(path, text)) && moduleFile(source, join(path, text)) !== undefined) return `${where} imports ${JSON.stringify(text)}, which is no file's name`;
      const type = node.name === "ImportDeclaration" ? await typeImportedAsValue(source, code, node, typesOf) : undefined;
      if (type !== undefined) return `${where} imports the type ${type} without the word type`;
    }
  }
  return undefined;
}

const join = (from: string, specifier: string): string => posix.join(posix.dirname(from), specifier);
