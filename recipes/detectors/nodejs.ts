import { posix } from "node:path";
import { DEFAULT_NODE, NODE_IMAGES } from "../base-images.ts";
import { because } from "../recipe.ts";
import type { Detector } from "../recipe.ts";
import type { Source } from "../source.ts";

const MANIFEST = "package.json";
/** Where the server is looked for when package.json does not say. */
const ENTRY_FILES = ["server.js", "index.js", "app.js", "main.js"];

export const nodejs: Detector = {
  runtimes: ["nodejs"],
  recognise: async (source) => {
    if (!source.has(MANIFEST)) return undefined;
    const manifest = parseManifest(await source.text(MANIFEST));
    if (typeof manifest === "string") return { candidates: [], problems: [{ code: "DEPENDENCIES_INVALID", message: manifest }] };
    const start = startOf(manifest, source);
    if ("problem" in start) return { candidates: [], problems: [{ code: "ENTRYPOINT_MISSING", message: start.problem }] };
    return {
      candidates: [
        {
          runtime: "nodejs",
          version: 2,
          protocol: "http",
          ...(start.entrypoint !== undefined && { entrypoint: start.entrypoint }),
          command: () => start.command,
          packageManager: "npm",
          template: "nodejs",
          base: NODE_IMAGES[DEFAULT_NODE],
          reasons: [because("nodejs", `${MANIFEST} is there`), start.reason, dependencyReason(source)],
          decidedBy: "runtime: nodejs",
        },
      ],
      problems: [],
    };
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

type Start = { command: string[]; entrypoint?: string; reason: string } | { problem: string };

function startOf({ scripts, main }: Manifest, source: Source): Start {
  const asked = source.manifest.fields;
  if (asked.command !== undefined) return { command: asked.command, reason: because("nothing of package.json is started", `${source.manifest.file} has a command`) };
  if (asked.entrypoint !== undefined) return { command: ["node", asked.entrypoint], entrypoint: asked.entrypoint, reason: because(`entry point ${asked.entrypoint}`, `${source.manifest.file} says so`) };
  const script = scripts?.start;
  if (typeof script === "string" && script.trim() !== "") {
    // Without npm and its shell between them, the server itself gets the signal to stop.
    const words = plainNodeCommand(script);
    return words ? { command: words, reason: because(`it runs ${JSON.stringify(words)}`, `that is the start script of ${MANIFEST}`) } : { command: ["npm", "run", "--silent", "start"], reason: because("npm runs it", `the start script of ${MANIFEST} needs a shell: ${script}`) };
  }
  if (typeof main === "string" && main !== "") {
    const file = [main, `${main}.js`, `${main}/index.js`].map((path) => posix.normalize(path)).find(source.has);
    return file ? { command: ["node", file], entrypoint: file, reason: because(`entry point ${file}`, `${MANIFEST} names ${main} as its main file`) } : { problem: `${MANIFEST} names ${JSON.stringify(main)} as its main file, which is not there` };
  }
  const file = ENTRY_FILES.find(source.has);
  if (file) return { command: ["node", file], entrypoint: file, reason: because(`entry point ${file}`, `${MANIFEST} says not how to start and ${file} is there`) };
  return { problem: `${MANIFEST} says not how to start: add a "start" script or "main", or one of ${ENTRY_FILES.join(", ")}, or an entrypoint to tool.yaml` };
}

/** The words of `node ...` when no shell is needed to understand them. */
function plainNodeCommand(script: string): string[] | undefined {
  const words = script.trim().split(/\s+/);
  return words[0] === "node" && words.length > 1 && words.every((word) => /^[\w@%+=:,./-]+$/.test(word)) ? words : undefined;
}

function dependencyReason(source: Source): string {
  return source.has("package-lock.json") ? because("npm ci", "package-lock.json pins its dependencies") : because("npm install", "there is no package-lock.json: its dependencies are whatever is newest at the build");
}
