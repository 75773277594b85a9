import { readdirSync } from "node:fs";
import { hostname } from "node:os";
import { describeHolder, holderOfStack } from "../../automation/locks.ts";
import type { Project } from "../../automation/project.ts";
import { engineLockFolder, stackNames } from "../../automation/state-files.ts";
import { UserError } from "../../automation/user-error.ts";

/** @throws UserError `STACK_LOCKED` naming every run that holds a stack of the project now */
export function refuseDuringRuns(project: Project): void {
  const held = stacksOf(project).flatMap((stack) => {
    const holder = holderOfStack(project, stack);
    return holder ? [{ stack, holder }] : [];
  });
  if (held.length === 0) return;
  const here = held.filter(({ holder }) => holder.host === hostname()).map(({ holder }) => holder.pid);
  const runs = held.map(({ stack, holder }) => `stack ${stack} by ${describeHolder(holder)}`);
  throw new UserError("STACK_LOCKED", `a run would lose the miniature that it works on; locked is ${runs.join(", ")}`, {
    value: held.map(({ holder }) => `pid ${holder.pid}`).join(", "),
    next: here.length > 0 ? `wait for it, or end it with: kill -INT ${[...new Set(here)].join(" ")}` : "wait for it, or end it where it runs",
  });
}

/** Also those whose first run has not written any state yet. */
function stacksOf(project: Project): string[] {
  const runs = entriesOf(project.cache).flatMap((name) => /^running-(.+)$/.exec(name)?.[1] ?? []);
  return [...new Set([...stackNames(project), ...runs, ...entriesOf(engineLockFolder(project, ""))])].sort();
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
