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
