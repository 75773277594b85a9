// @lezer/python: parses any Python, broken code too, in plain JavaScript without Python or a child process.
import { parser } from "@lezer/python";
import type { SyntaxNode } from "@lezer/common";
import { childrenOf } from "../child-nodes.ts";
import { lineFinder } from "../line-finder.ts";

/** A call as it is written: `f.FastAPI(title="x")` calls `f.FastAPI`. */
export interface Call {
  callee: string;
  positional: SyntaxNode[];
  keywords: Map<string, SyntaxNode>;
  node: SyntaxNode;
}

/** One Python file, and readers for its nodes. */
export class PythonTree {
  readonly top: SyntaxNode;
  readonly #code: string;
  readonly #lineAt: (position: number) => number;

  constructor(code: string) {
    this.#code = code;
    this.#lineAt = lineFinder(code);
    this.top = parser.parse(code).topNode;
  }

  text({ from, to }: SyntaxNode): string {
    return this.#code.slice(from, to);
  }

  /** From 1. */
  line({ from }: SyntaxNode): number {
    return this.#lineAt(from);
  }

  /** `a.b.c` for a name or a chain of them; undefined for any other expression. */
  dotted(node: SyntaxNode, longest = 16): string | undefined {
    if (node.name === "VariableName") return this.text(node);
    if (node.name !== "MemberExpression" || longest === 0) return undefined;
    const parts = childrenOf(node);
    const owner = parts[0] && this.dotted(parts[0], longest - 1);
    const property = parts.at(-1);
    return owner !== undefined && parts.length === 3 && property?.name === "PropertyName" ? `${owner}.${this.text(property)}` : undefined;
  }

  call(node: SyntaxNode): Call | undefined {
    if (node.name !== "CallExpression" || !node.firstChild) return undefined;
    const callee = this.dotted(node.firstChild);
    const list = node.getChild("ArgList");
    return callee !== undefined && list ? { callee, ...this.arguments(list), node } : undefined;
  }

  arguments(list: SyntaxNode): Pick<Call, "positional" | "keywords"> {
    const positional: SyntaxNode[] = [];
    const keywords = new Map<string, SyntaxNode>();
    for (const part of splitAt(childrenOf(list).slice(1, -1), ",")) {
      const [first, operator, value] = part;
      if (first?.name === "VariableName" && operator?.name === "AssignOp" && value) keywords.set(this.text(first), value);
      else if (first && part.length === 1) positional.push(first);
    }
    return { positional, keywords };
  }

  /** The value of a plain string; an f-string and bytes have none. */
  string(node: SyntaxNode | undefined): string | undefined {
    if (node?.name === "ContinuedString") {
      const parts = childrenOf(node).map((part) => (part.name === "String" ? this.string(part) : undefined));
      return parts.includes(undefined) ? undefined : parts.join("");
    }
    if (node?.name !== "String") return undefined;
    const written = this.text(node);
    const quote = [...written].findIndex((letter) => letter === '"' || letter === "'");
    if (/[bf]/i.test(written.slice(0, quote))) return undefined;
    const width = written.startsWith('"""', quote) || written.startsWith("'''", quote) ? 3 : 1;
    return written.slice(quote + width, -width);
  }

  number(node: SyntaxNode | undefined): number | undefined {
    if (node?.name !== "Number") return undefined;
    const value = Number(this.text(node).replaceAll("_", ""));
    return Number.isFinite(value) ? value : undefined;
  }
}

/** What a node is in, innermost first, as far as real code is nested. */
export function* nodesAround(node: SyntaxNode): Generator<SyntaxNode> {
  for (let [up, levels] = [node.parent, 0]; up && levels < 64; [up, levels] = [up.parent, levels + 1]) yield up;
}

export function splitAt(nodes: readonly SyntaxNode[], separator: string): SyntaxNode[][] {
  const parts: SyntaxNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === separator) parts.push([]);
    else parts.at(-1)!.push(node);
  }
  return parts;
}

/** Every node below, itself first; without recursion, as code may be nested deeper than a stack. */
export function nodesBelow(node: SyntaxNode): SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  node.cursor().iterate((each) => void nodes.push(each.node));
  return nodes;
}
