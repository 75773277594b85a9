import type { PackageJson } from "./package-json.ts";
import { isTypeScript } from "./syntax-tree.ts";

/** What a start script runs, when no shell is needed to understand it. */
export interface NodeCommand {
  /** With `node` before it. */
  words: string[];
  /** The file that is run; it is one of the words. */
  file: string;
  /** Variables that are set before it. */
  environment: Record<string, string>;
  /** What stood where `node` stands now. */
  runner: string;
  /** TypeScript with what Node does not take out is run by it. */
  needs?: "tsx";
}

const WORD = /^[\w@%+=:,./~^-]+$/;
const ASSIGNMENT = /^([A-Za-z_]\w*)=([\w@%+=:,./~^-]*)$/;
/** They start Node again when a file changes, or take types out: Node does both, and an image does not change. */
const RUNNERS = ["node", "nodemon", "tsx", "ts-node", "ts-node-esm", "ts-node-dev", "node-dev"];

/** `node --enable-source-maps dist/server.js`, with assignments or cross-env before it; undefined: a shell is needed. */
export function nodeCommandOf(script: string): NodeCommand | undefined {
  const words = script.trim().split(/\s+/);
  const environment: Record<string, string> = {};
  if (words[0] === "cross-env") words.shift();
  for (let match = ASSIGNMENT.exec(words[0] ?? ""); match; match = ASSIGNMENT.exec(words[0] ?? "")) {
    environment[match[1]!] = match[2]!;
    words.shift();
  }
  const runner = words.shift();
  if (runner === undefined || !RUNNERS.includes(runner) || !words.every((word) => WORD.test(word))) return undefined;
  if (runner === "tsx" && words[0] === "watch") words.shift();
  const at = words.findIndex((word, index) => !word.startsWith("-") && !TAKES_VALUE.has(words[index - 1] ?? ""));
  const file = words[at];
  if (file === undefined || file === "run") return undefined;
  const kept = words.slice(0, at).filter((word) => runner === "node" && !word.startsWith("--watch") && !word.startsWith("--inspect") && !word.startsWith("--env-file"));
  return { words: ["node", ...kept, ...words.slice(at)], file, environment, runner, ...((runner === "tsx" || (runner.startsWith("ts-node") && isTypeScript(file))) && { needs: "tsx" as const }) };
}

/** Options of Node whose value is a word of its own. */
const TAKES_VALUE = new Set(["-r", "--require", "--import", "--loader", "--experimental-loader", "-C", "--conditions"]);

/** The start script without the build before it: that is done when the image is built. */
export function afterBuild({ scripts: { start, build } }: PackageJson): string | undefined {
  if (start === undefined || build === undefined) return start;
  const first = [build, ...["npm run", "yarn", "yarn run", "pnpm", "pnpm run"].map((run) => `${run} build`)].map((each) => `${each} && `).find((each) => start.startsWith(each));
  return first === undefined ? start : start.slice(first.length);
}

/** Programs that are called otherwise than their packages. */
const PROGRAMS: Readonly<Record<string, string>> = { nest: "@nestjs/cli", tsc: "typescript" };

/** A program of the script that only developers have. */
export function developersTool({ dependencies, devDependencies }: PackageJson, script: string): { program: string; name: string } | undefined {
  for (const part of script.split(/&&|\|\||[;|&]/)) {
    const program = part.trim().split(/\s+/).find((word) => word !== "npx" && !/^\w+=/.test(word)) ?? "";
    const name = Object.hasOwn(PROGRAMS, program) ? PROGRAMS[program]! : program;
    if (Object.hasOwn(devDependencies, name) && !Object.hasOwn(dependencies, name)) return { program, name };
  }
  return undefined;
}
