import { hostname } from "node:os";
import { describeHolder } from "../automation/locks.ts";
import type { RunEvents } from "../automation/stack-run.ts";
import { parseDuration } from "./durations.ts";
import { say, type Terminal } from "./terminal.ts";

/** What a run does before the engine, as lines for people. */
export function runEvents(stack: string, lockTimeout: string, terminal: Terminal): RunEvents {
  return {
    timeoutMs: parseDuration(lockTimeout, "--lock-timeout"),
    onStart: () => say(terminal, "starting the miniature"),
    onWait: (holder) => say(terminal, `stack ${stack} is locked by ${describeHolder(holder)}; waiting at most ${lockTimeout}`),
    onDeadLocks: (locks) => {
      for (const { pid, timestamp } of locks) say(terminal, `removed the lock of pid ${pid} on ${hostname()}, which is dead, from ${timestamp}`);
    },
    onRepair: () => say(terminal, `the last run on stack ${stack} did not come to its end; comparing its state with ARM`),
    onRepaired: ({ adopted, cleared, foreign }) => {
      for (const each of cleared) say(terminal, `  dropped the pending operation: ${shortened(each)}`);
      for (const each of adopted) say(terminal, `  took over what had been created: ${shortened(each)}`);
      for (const each of foreign) say(terminal, `  left alone, as it is not of this stack: ${each}`);
      if (adopted.length + cleared.length + foreign.length === 0) say(terminal, "  they agree");
    },
  };
}

/** `creating <type>::<name>` of `creating urn:pulumi:<stack>::<project>::<types>::<name>`. */
function shortened(operation: string): string {
  return operation.replace(/urn:pulumi:\S*::([^:$]*(?::[^:$]+)*)$/, (urn) => urn.split("::").slice(2).join(" ").replace(/^.*\$/, ""));
}
