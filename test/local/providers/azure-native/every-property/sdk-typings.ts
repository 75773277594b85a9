import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";

/** A property of a resource's arguments that holds a value itself. */
export interface Leaf {
  /** `template.containers[0].image`; a list is shown by its first item, a map by the key `key`. */
  path: string;
  type: "string" | "number" | "boolean";
  /** Whether it, or something around it, may be left out. */
  optional: boolean;
}

/** What must stand beside a property, because the typings do not let it be left out. */
export interface Typings {
  leaves: Leaf[];
  /** The required leaves inside the object at this path, by their paths below it. */
  requiredIn(path: string): Leaf[];
}

const SDK = dirname(createRequire(import.meta.url).resolve("@pulumi/azure-native/package.json"));
const read = (file: string) => ts.createSourceFile(file, readFileSync(join(SDK, file), "utf8"), ts.ScriptTarget.Latest, true);

let inputs: Map<string, ts.InterfaceDeclaration> | undefined;

/** Interfaces of `types/input.d.ts`, by `<namespace>.<name>`. */
function inputTypes(): Map<string, ts.InterfaceDeclaration> {
  if (inputs) return inputs;
  inputs = new Map();
  for (const space of read("types/input.d.ts").statements.filter(ts.isModuleDeclaration)) {
    if (!space.body || !ts.isModuleBlock(space.body)) continue;
    for (const each of space.body.statements.filter(ts.isInterfaceDeclaration)) inputs.set(`${space.name.text}.${each.name.text}`, each);
  }
  return inputs;
}

/** @param resource `app/containerApp` */
export function typingsOf(resource: string): Typings {
  const name = resource.split("/").at(-1)!;
  const args = `${name[0]!.toUpperCase()}${name.slice(1)}Args`;
  const declaration = read(`${resource}.d.ts`).statements.filter(ts.isInterfaceDeclaration).find((each) => each.name.text === args);
  if (!declaration) throw new Error(`${resource}.d.ts has no ${args}`);
  const leaves: Leaf[] = [];
  const required: Leaf[] = [];
  walk(declaration, "", false, [], leaves, required);
  return { leaves, requiredIn: (path) => required.filter((leaf) => leaf.path.startsWith(`${path}.`)) };
}

function walk(declaration: ts.InterfaceDeclaration, base: string, optional: boolean, seen: string[], leaves: Leaf[], required: Leaf[]): void {
  for (const member of declaration.members.filter(ts.isPropertySignature)) {
    const path = base === "" ? member.name.getText() : `${base}.${member.name.getText()}`;
    const mayBeLeftOut = member.questionToken !== undefined;
    visit(member.type!, path, optional || mayBeLeftOut, !mayBeLeftOut, seen, leaves, required);
  }
}

function visit(node: ts.TypeNode, path: string, optional: boolean, needed: boolean, seen: string[], leaves: Leaf[], required: Leaf[]): void {
  const type = within(node);
  if (ts.isArrayTypeNode(type)) return visit(type.elementType, `${path}[0]`, optional, needed, seen, leaves, required);
  if (ts.isTypeLiteralNode(type)) return visit(type.members.find(ts.isIndexSignatureDeclaration)!.type, `${path}.key`, optional, needed, seen, leaves, required);
  if (ts.isTypeReferenceNode(type) && type.typeName.getText().startsWith("inputs.")) {
    const name = type.typeName.getText().replace("inputs.", "");
    const found = inputTypes().get(name);
    if (!found) throw new Error(`types/input.d.ts has no ${name}`);
    if (!seen.includes(name)) walk(found, path, optional, [...seen, name], leaves, required);
    return;
  }
  const leaf: Leaf = { path, type: primitiveOf(type, path), optional };
  leaves.push(leaf);
  if (needed) required.push(leaf);
}

/** What `pulumi.Input<... | undefined>` holds. */
function within(node: ts.TypeNode): ts.TypeNode {
  if (ts.isTypeReferenceNode(node) && node.typeName.getText() === "pulumi.Input") return within(node.typeArguments![0]!);
  if (ts.isParenthesizedTypeNode(node)) return within(node.type);
  if (!ts.isUnionTypeNode(node)) return node;
  const [first] = node.types.filter((each) => each.kind !== ts.SyntaxKind.UndefinedKeyword);
  return within(first!);
}

function primitiveOf(type: ts.TypeNode, path: string): Leaf["type"] {
  const text = type.getText();
  if (text === "string" || text === "number" || text === "boolean") return text;
  if (text.startsWith("enums.")) return "string";
  throw new Error(`the type ${text} of '${path}' is not known to this test`);
}
