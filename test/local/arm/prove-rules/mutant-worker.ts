import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import type { RULES } from "../rules/index.ts";
import type { problemOfRow } from "../rules/run-row.ts";
import { withoutRule, type FoundRule } from "./find-rules.ts";
import { nearestFirst } from "./nearest-first.ts";
import { CHECKOUT } from "./scope.ts";

/** Takes one rule after the other, each answered with the row that fails without it. */
export interface Task {
  id: number;
  /** None: the sources as they are. */
  rule?: FoundRule;
}

export interface Verdict {
  id: number;
  /** Of the first row that fails; undefined when all rows still hold. */
  row?: string;
}

const leftOut = workerData as string[];
const sources = new Map<string, string>();
let mutant: { file: string; source: string } | undefined;

/** Modules of the project are loaded anew for each rule, under an address of their own, and the one with the rule without it. */
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const task = context.parentURL && new URL(context.parentURL).searchParams.get("task");
    if (!task || !resolved.url.startsWith("file:") || resolved.url.includes("/node_modules/")) return resolved;
    return { ...resolved, url: `${resolved.url}?task=${task}` };
  },
  load(url, context, next) {
    if (!url.includes("?task=")) return next(url, context);
    const file = fileURLToPath(url.split("?")[0]!);
    const source = mutant?.file === file ? stripTypeScriptTypes(mutant.source) : strippedOf(file);
    return { format: "module", source, shortCircuit: true };
  },
});

function strippedOf(file: string): string {
  const known = sources.get(file);
  if (known !== undefined) return known;
  const stripped = stripTypeScriptTypes(readFileSync(file, "utf8"));
  sources.set(file, stripped);
  return stripped;
}

async function firstFailure({ id, rule }: Task): Promise<string | undefined> {
  mutant = undefined;
  if (rule) {
    const file = `${CHECKOUT}/${rule.file}`;
    mutant = { file, source: withoutRule(readFileSync(file, "utf8"), rule) };
  }
  const load = (name: string) => import(`${pathToFileURL(`${CHECKOUT}/test/local/arm/rules/${name}`)}?task=${id}`) as Promise<unknown>;
  const { RULES: groups } = (await load("index.ts")) as { RULES: typeof RULES };
  const { problemOfRow: run } = (await load("run-row.ts")) as { problemOfRow: typeof problemOfRow };
  for (const [service, rows] of nearestFirst(Object.entries(groups), rule?.file ?? "")) {
    for (const row of rows.filter(({ rule: name }) => !leftOut.includes(name))) {
      const problem = await run(row).catch((error: Error) => error.message);
      if (problem !== undefined) return `${service}: ${row.rule}`;
    }
  }
  return undefined;
}

parentPort!.on("message", (task: Task) => {
  void firstFailure(task)
    .catch((error: Error) => `cannot be loaded: ${error.message}`)
    .then((row) => parentPort!.postMessage({ id: task.id, ...(row !== undefined && { row }) } satisfies Verdict));
});
