import { readFileSync } from "node:fs";

/** @param {number} pid */
function statOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
  // The program's name may hold spaces; the fields behind it start with the state, field 3.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { name, parent: Number(fields[1]), startTime: String(fields[19]) };
}

/**
 * @param {number} pid
 * @returns {{ name: string, parent: number, startTime: string } | undefined} undefined when there is no such process.
 * `startTime` is in clock ticks since boot: with the id it names one process for ever, since ids are given again
 */
export function processOf(pid) {
  try {
    return statOf(pid);
  } catch {
    return undefined;
  }
}
