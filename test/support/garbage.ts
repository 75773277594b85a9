import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Collects all garbage of this process. What a `WeakRef` was asked for lives until the end of the turn, so a turn ends first. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  // What a first collection makes unreachable by finalizers, a later one takes.
  for (const _ of [1, 2, 3]) {
    await setImmediate();
    collect();
  }
}
