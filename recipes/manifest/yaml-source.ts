import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import type { Document, Node } from "yaml";
import type { Problem } from "../errors.ts";
import { MAX_MANIFEST_BYTES } from "./manifest.ts";

export type Path = readonly (string | number)[];
export interface Place {
  line: number;
  column: number;
}

/** A YAML file whose values know where they are written. */
export interface YamlSource {
  /** Plain JSON values. */
  value: unknown;
  /** Of a value, or of its key; of the nearest that is there, if it is not. */
  placeOf: (path: Path, part?: "value" | "key") => Place;
}

/**
 * Anchors are refused: nothing in a manifest is said twice, and a small file could otherwise unfold to gigabytes or into
 * itself.
 *
 * @returns every problem at once, if there are any
 */
export function readYaml(file: string, bytes: Uint8Array): YamlSource | { problems: Problem[] } {
  const refuse = (message: string, place?: Place): { problems: Problem[] } => ({ problems: [{ code: "MANIFEST_UNREADABLE", message, file, ...place }] });
  if (bytes.length > MAX_MANIFEST_BYTES) return refuse(`is ${bytes.length} bytes long; allowed: ${MAX_MANIFEST_BYTES}`);
  let text: string;
  try {
    // Without ignoreBOM a byte order mark is taken away.
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refuse("is not UTF-8 text; save it as UTF-8");
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true, logLevel: "error" });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const exhausted = document.errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (exhausted) return refuse("is nested too deeply", at(exhausted.pos[0]));
  const wrong = [...document.errors, ...document.warnings].map(({ message, pos }) => ({ message: `is not understood: ${message}`, ...at(pos[0]) }));
  visit(document, { Alias: (_key, alias) => void wrong.push({ message: `*${alias.source} is an alias; write the value itself there`, ...at(alias.range?.[0] ?? 0) }) });
  if (wrong.length > 0) return { problems: wrong.slice(0, 50).map((problem) => ({ code: "MANIFEST_UNREADABLE", file, ...problem })) };
  return { value: document.toJS(), placeOf: (path, part = "value") => at(offsetOf(document, path, part)) };
}

function offsetOf(document: Document, path: Path, part: "value" | "key"): number {
  let node: unknown = document.contents;
  let offset = rangeOf(node);
  for (const [depth, step] of path.entries()) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!pair) break;
      next = pair.value;
      const wantsKey = part === "key" && depth === path.length - 1;
      offset = wantsKey || rangeOf(next, -1) < 0 ? rangeOf(pair.key) : rangeOf(next);
    } else if (isSeq(node)) {
      next = node.items[Number(step)];
      if (next === undefined) break;
      offset = rangeOf(next);
    } else break;
    node = next;
  }
  return offset;
}

function rangeOf(node: unknown, fallback = 0): number {
  if (isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)) return (node as Node).range?.[0] ?? fallback;
  return fallback;
}
