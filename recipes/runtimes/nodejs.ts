import { posix } from "node:path";
import { NODEJS } from "../dockerfiles.ts";
import type { Recipe, RecipeMaker, Source } from "../recipe.ts";

const MANIFEST = "package.json";
/** Where the server is looked for when package.json does not say. */
const ENTRY_FILES = ["server.js", "index.js", "app.js", "main.js"];

export const nodejs: RecipeMaker = {
  id: "nodejs",
  recognise: async (source) => {
    if (!source.has(MANIFEST)) return undefined;
    const manifest = parseManifest(await source.text(MANIFEST));
    if (typeof manifest === "string") return { problems: [manifest] };
    const start = startOf(manifest, source);
    if ("problem" in start) return { problems: [start.problem] };
    return {
      id: "nodejs",
      version: 1,
      dockerfile: NODEJS,
      base: "node",
      command: () => start.command,
      reasons: [start.reason, dependencyReason(source)],
    } satisfies Recipe;
  },
};

interface Manifest {
  main?: unknown;
  scripts?: Record<string, unknown>;
}

function parseManifest(text: string): Manifest | string {
  try {
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest === "object" && manifest !== null && !Array.isArray(manifest)) return manifest as Manifest;
    return `${MANIFEST} is not a JSON object`;
  } catch (error) {
    return `${MANIFEST} is not JSON: ${(error as Error).message}`;
  }
}

type Start = { command: string[]; reason: string } | { problem: string };

function startOf({ scripts, main }: Manifest, source: Source): Start {
  const script = scripts?.start;
  if (typeof script === "string" && script.trim() !== "") {
    // Without npm and its shell between them, the server itself gets the signal to stop.
    const words = plainNodeCommand(script);
    return words ? { command: words, reason: `${MANIFEST} starts it with: ${script}` } : { command: ["npm", "run", "--silent", "start"], reason: `${MANIFEST} has a start script: ${script}` };
  }
  if (typeof main === "string" && main !== "") {
    const file = [main, `${main}.js`, `${main}/index.js`].map((path) => posix.normalize(path)).find(source.has);
    return file ? { command: ["node", file], reason: `${MANIFEST} names ${main} as its main file` } : { problem: `${MANIFEST} names ${JSON.stringify(main)} as its main file, which is not there` };
  }
  const file = ENTRY_FILES.find(source.has);
  if (file) return { command: ["node", file], reason: `${file} is there` };
  return { problem: `${MANIFEST} says not how to start: add a "start" script or "main", or one of ${ENTRY_FILES.join(", ")}` };
}

/** The words of `node ...` when no shell is needed to understand them. */
function plainNodeCommand(script: string): string[] | undefined {
  const words = script.trim().split(/\s+/);
  return words[0] === "node" && words.length > 1 && words.every((word) => /^[\w@%+=:,./-]+$/.test(word)) ? words : undefined;
}

function dependencyReason(source: Source): string {
  return source.has("package-lock.json") ? "package-lock.json pins its dependencies" : "no package-lock.json: its dependencies are whatever is newest at the build";
}
