import type { Clock } from "../azure/clock.ts";

export interface Propagation {
  /** Age at which a role assignment is known everywhere. */
  seconds: number;
  clock: Clock;
  /** Told how many seconds there are to wait. */
  say: (seconds: number) => void;
}

/**
 * Waits until a role assignment is old enough to be known everywhere, which takes Azure 1 to 10 minutes (Azure docs,
 * troubleshoot RBAC). An app that pulls before gets a revision that failed, not a later try.
 *
 * @param createdOn as ARM says it; an assignment without it is taken to be old
 */
export async function untilKnownEverywhere(createdOn: string | undefined, { seconds, clock, say }: Propagation): Promise<void> {
  const made = Date.parse(createdOn ?? "");
  if (Number.isNaN(made)) return;
  // No longer than that, wherever this machine's clock stands.
  const left = Math.min(seconds * 1000, made + seconds * 1000 - clock.now());
  if (left <= 0) return;
  say(Math.ceil(left / 1000));
  await clock.sleep(left);
}
