import type { Problem } from "../errors.ts";
import { noSuchEntry } from "../manifest/manifest.ts";
import { ENTRY_FILES, named, startOf } from "../node/entry.ts";
import type { Start } from "../node/entry.ts";
import { nodeFinding, pageFinding } from "../node/finding.ts";
import { factsFrom } from "../node/modules.ts";
import { NO_PACKAGE, PACKAGE, readPackageJson } from "../node/package-json.ts";
import type { PackageJson } from "../node/package-json.ts";
import { servingOf } from "../node/serving.ts";
import { webPageOf } from "../node/web-page.ts";
import type { Detector, Finding } from "../recipe.ts";
import type { Source } from "../source.ts";

const CONVENTIONAL = ENTRY_FILES.filter((file) => /^\w+\.js$/.test(file)).join(", ");
const START_MISSING = `${PACKAGE} says not how to start: add a "start" script or "main", or one of ${CONVENTIONAL}, or an entrypoint to tool.yaml`;

export const nodejs: Detector = {
  runtimes: ["nodejs", "static"],
  recognise: async (source) => {
    const read = await readPackageJson(source);
    if (read && "problem" in read) return refused(read.problem);
    const pkg = read ?? NO_PACKAGE;
    const { runtime, entrypoint, command, port } = source.manifest.fields;
    if (command !== undefined) return read && isNodes(source, pkg, command) ? await nodeFinding(source, pkg, { why: `${source.manifest.file} has a command` }, servingOf([], true)) : undefined;
    const start = entrypoint === undefined ? startOf(source, pkg) : told(source, pkg, entrypoint);
    const page = read && (runtime === "static" || !start || "problem" in start || start.command === undefined) ? await webPageOf(source, pkg) : undefined;
    if (page) return "refused" in page ? refused({ code: "RUNTIME_UNKNOWN", message: page.refused }) : await pageFinding(source, pkg, page);
    if (!start || runtime === "static") return undefined;
    if ("problem" in start) return refused({ code: "ENTRYPOINT_MISSING", message: start.problem });
    const facts = start.code === undefined ? [] : await factsFrom(source, start.code);
    const serving = servingOf(facts, port !== undefined);
    // A file of that name may be anything, a page's code for instance.
    if ((!read || (runtime === undefined && isBesidePage(source, pkg))) && !serving.framework && entrypoint === undefined) return undefined;
    return await nodeFinding(source, pkg, start, serving, facts.map(({ path }) => path));
  },
};

/** Asked when nothing else recognises the folder: it is Node's after all, and nothing starts it. */
export const nodejsWithoutStart: Detector = {
  runtimes: ["nodejs"],
  recognise: async (source) => {
    const { entrypoint } = source.manifest.fields;
    if (!source.has(PACKAGE)) return undefined;
    return refused(entrypoint === undefined ? { code: "ENTRYPOINT_MISSING", message: START_MISSING } : noSuchEntry(source.manifest, entrypoint));
  },
};

/** A package.json may be there for a developer's tools alone, beside a tool in another language. */
function isNodes(source: Source, pkg: PackageJson, [program = ""]: string[]): boolean {
  return source.manifest.fields.runtime === "nodejs" || ["node", "npm", "npx", "pnpm", "yarn", "tsx"].includes(program) || startOf(source, pkg) !== undefined;
}

/** A page whose package.json is there for its developer: nothing starts, nothing is needed when it runs. */
const isBesidePage = (source: Source, { scripts, dependencies }: PackageJson): boolean => source.has("index.html") && scripts.start === undefined && Object.keys(dependencies).length === 0;

/** The manifest's entry point is a file, or another detector's. */
function told(source: Source, pkg: PackageJson, entrypoint: string): Start | { problem: string } | undefined {
  const { file, fields } = source.manifest;
  const found = named(source, pkg, entrypoint);
  if (found) return { ...found, file: entrypoint, why: `${file} says so` };
  return fields.runtime === "nodejs" ? { problem: `${file} has the entrypoint ${JSON.stringify(entrypoint)}, and there is no such file` } : undefined;
}

const refused = (...problems: Problem[]): Finding => ({ candidates: [], problems });
