import { posix } from "node:path";
import type { Source } from "../source.ts";
import { moduleFacts } from "./module-facts.ts";
import type { ModuleFacts } from "./module-facts.ts";
import { parseCode } from "./syntax-tree.ts";

/** Enough for any tool; generated code is no reason to wait. */
const MAX_MODULES = 200;
const MAX_BYTES = 1024 * 1024;
/** `bin/www` of the Express generator has no ending. */
const CODE = /(\.[cm]?[jt]s|(^|\/)[^./]+)$/;
const ENDINGS = ["", ".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", "/index.ts", "/index.js", "/index.mjs", "/index.cjs"];

/** The file that a path without or with its ending stands for; TypeScript is also found under the name of what is made of it. */
export function moduleFile(source: Source, path: string): string | undefined {
  const plain = posix.normalize(path).replace(/\/$/, "");
  const typed = plain.replace(/\.([cm]?)js$/, ".$1ts");
  return [...ENDINGS.map((ending) => plain + ending), typed].find((each) => source.has(each) && CODE.test(each));
}

/** The facts of a file and of all files of the tool that it loads, the file itself first. */
export async function factsFrom(source: Source, entry: string): Promise<ModuleFacts[]> {
  const seen = new Set([entry]);
  const facts: ModuleFacts[] = [];
  // A set is walked in the order of what is added to it, additions on the way included.
  for (const path of seen) {
    if ((source.files.find((file) => file.path === path)?.size ?? 0) > MAX_BYTES) continue;
    const found = moduleFacts(parseCode(path, await source.text(path)));
    facts.push(found);
    for (const specifier of found.modules) {
      const file = specifier.startsWith(".") ? moduleFile(source, posix.join(posix.dirname(path), specifier)) : undefined;
      if (file !== undefined && seen.size < MAX_MODULES) seen.add(file);
    }
  }
  return facts;
}
