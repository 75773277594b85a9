import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { FoundRule } from "./find-rules.ts";
import type { Task, Verdict } from "./mutant-worker.ts";

/** A rule without which the rows run for longer has been missed as surely as by a failing row. */
const MAX_SECONDS_PER_RULE = 30;
/** A worker keeps every module that it has loaded. */
const MAX_RULES_PER_WORKER = 40;

/**
 * The row that fails without each rule, in the order of the rules; undefined where none does. A rule may be absent: nothing is removed.
 * @param leftOut rows of the table, by their names, that are not asked
 */
export async function rowsThatFail(rules: Array<FoundRule | undefined>, leftOut: string[] = []): Promise<Array<string | undefined>> {
  const rows = new Array<string | undefined>(rules.length);
  const waiting = rules.map((rule, id): Task => ({ id, ...(rule && { rule }) }));
  const run = async () => {
    let worker: Worker | undefined;
    for (let done = 0, task = waiting.shift(); task; task = waiting.shift()) {
      if (done > 0 && done % MAX_RULES_PER_WORKER === 0) await worker?.terminate();
      if (done % MAX_RULES_PER_WORKER === 0) worker = new Worker(new URL("mutant-worker.ts", import.meta.url), { execArgv: ["--disable-warning=ExperimentalWarning"], workerData: leftOut });
      const verdict = await verdictOf(worker!, task);
      if (verdict === undefined) {
        await worker!.terminate();
        done = 0;
        rows[task.id] = "a worker that died or did not end";
        continue;
      }
      rows[task.id] = verdict.row;
      done += 1;
    }
    await worker?.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(rules.length, availableParallelism()) }, run));
  return rows;
}

function verdictOf(worker: Worker, task: Task): Promise<Verdict | undefined> {
  return new Promise((resolve) => {
    const answered = (verdict: Verdict) => end(verdict);
    const died = () => end(undefined);
    const end = (verdict: Verdict | undefined) => {
      clearTimeout(timer);
      worker.off("message", answered).off("error", died);
      resolve(verdict);
    };
    const timer = setTimeout(died, MAX_SECONDS_PER_RULE * 1000);
    worker.on("message", answered).on("error", died);
    worker.postMessage(task);
  });
}
