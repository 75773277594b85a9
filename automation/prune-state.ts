import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Project } from "./project.ts";

const KEPT_PER_STACK = 10;

/**
 * Keeps the newest ten backups and the newest ten updates of each stack: the file backend writes one of each at every
 * update, also an empty one, and never removes any. Names hold the nanosecond of writing, in as many digits for decades.
 */
export function pruneState(project: Project): void {
  for (const kind of ["backups", "history"]) {
    const folder = join(project.state, ".pulumi", kind, project.name);
    for (const stack of entries(folder)) pruneFolder(join(folder, stack));
  }
}

function pruneFolder(folder: string): void {
  const names = entries(folder);
  const moments = [...new Set(names.flatMap((name) => momentOf(name) ?? []))].sort().reverse();
  const kept = new Set(moments.slice(0, KEPT_PER_STACK));
  for (const name of names) {
    const moment = momentOf(name);
    if (moment && !kept.has(moment)) rmSync(join(folder, name), { force: true });
  }
}

/** `1700000000000000000` of `local-1700000000000000000.history.json` and of `local.1700000000000000000.json.attrs`. */
function momentOf(name: string): string | undefined {
  return /[.-](\d{19})\.(?:history|checkpoint|json)/.exec(name)?.[1];
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
