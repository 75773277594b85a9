import { posix } from "node:path";
import type { Source } from "../source.ts";
import { moduleFile } from "./modules.ts";
import { PACKAGE } from "./package-json.ts";
import type { PackageJson } from "./package-json.ts";
import { afterBuild, developersTool, nodeCommandOf } from "./start-script.ts";
import type { NodeCommand } from "./start-script.ts";
import { typeScriptOf } from "./typescript.ts";

/** What starts a tool. */
export interface Start {
  /** Of a file: what is run before and after it, and what is set. Absent: npm runs the script, by a shell. */
  command?: Pick<NodeCommand, "words" | "environment" | "needs">;
  /** The file that runs: `dist/server.js`. Not there yet if it is made by the build. */
  file?: string;
  /** The file to read: `src/server.ts`. Absent: it is not known. */
  code?: string;
  why: string;
}

/** Where a server is looked for when nothing says where it is. */
export const ENTRY_FILES = ["server", "index", "app", "main"].flatMap((name) => [".js", ".mjs", ".cjs", ".ts", ".mts"].flatMap((ending) => [name + ending, `src/${name}${ending}`]));

/** What npm init writes, whether there is such a file or not. */
const DEFAULT_MAIN = "index.js";

/** @returns a sentence when what is named is not there; undefined when nothing is named and nothing found */
export function startOf(source: Source, pkg: PackageJson): Start | { problem: string } | undefined {
  const script = afterBuild(pkg);
  if (script !== undefined && script.trim() !== "") {
    const command = nodeCommandOf(script);
    const why = `that is the start script of ${PACKAGE}`;
    const tool = command ? undefined : developersTool(pkg, script);
    if (tool !== undefined) return { problem: `the start script runs ${tool.program}, and ${tool.name} is in devDependencies, which are not there when it runs; start with node what is built, such as "start": "node dist/main.js", or put ${tool.name} into dependencies` };
    if (!command) return { why: `the start script of ${PACKAGE} needs a shell: ${script}`, ...codeIn(source, script) };
    const found = named(source, pkg, command.file);
    return found ? { ...found, command: { ...command, words: command.words.map((word) => (word === command.file ? found.file : word)) }, why: command.runner === "node" ? why : `${why}, with node in place of ${command.runner}` } : { problem: missing(`the start script runs ${JSON.stringify(command.file)}`, pkg) };
  }
  for (const [field, value] of [["main file", pkg.main], ["export", pkg.exported], ["bin", pkg.bin]] as const) {
    if (value === undefined) continue;
    const found = named(source, pkg, value);
    if (found) return { ...found, why: `${PACKAGE} names it as its ${field}` };
    if (field === "main file" && posix.normalize(value) !== DEFAULT_MAIN && pkg.bin === undefined && pkg.exported === undefined) return { problem: missing(`it names ${JSON.stringify(value)} as its main file`, pkg) };
  }
  const file = ENTRY_FILES.find(source.has);
  return file === undefined ? undefined : { file, code: file, why: `${source.has(PACKAGE) ? `${PACKAGE} says not` : "nothing says"} how to start and ${file} is there` };
}

/** A file that is there, or that a build makes of one that is there. */
export function named(source: Source, { scripts, main }: Pick<PackageJson, "scripts" | "main">, path: string): { file: string; code: string } | undefined {
  const plain = posix.normalize(path === "." ? (main ?? DEFAULT_MAIN) : path);
  const code = scripts.build === undefined ? undefined : typeScriptOf(source, plain.endsWith("js") ? plain : `${plain}.js`);
  if (code !== undefined && code !== plain) return { file: /\.[cm]?js$/.test(plain) ? plain : `${plain}.js`, code };
  const file = moduleFile(source, plain);
  return file === undefined ? undefined : { file, code: file };
}

/** What a script that needs a shell most likely runs: only read, for ports and paths. */
function codeIn(source: Source, script: string): { code?: string } {
  const word = script.split(/\s+/).map((each) => posix.normalize(each)).find((each) => /\.[cm]?[jt]s$/.test(each));
  const code = word === undefined ? undefined : (typeScriptOf(source, word) ?? moduleFile(source, word));
  return code === undefined ? {} : { code };
}

const missing = (said: string, { scripts }: PackageJson): string => `${said}, which is not there${scripts.build === undefined ? ", and there is no build script that could make it" : ", and no TypeScript file that it could be made of"}`;
