import type { TrafficWeight } from "./template.ts";

/** What one entry of the traffic comes to. */
export interface Share {
  /** The revision that it names; `undefined` as long as the latest one was never ready. */
  revision: string | undefined;
  weight: number;
  label?: string;
  /** The revision that its requests are given to. */
  servedBy: string | undefined;
}

/**
 * A weight of `latestRevision` belongs to the latest stable revision (API reference, TrafficWeight). A revision that is named in the
 * request that makes it has a share before it can serve: until it is ready for the first time, the stable one serves for it.
 */
export function sharesOf(traffic: TrafficWeight[], stable: string | undefined, wasReady: (revision: string) => boolean): Share[] {
  return traffic.map(({ revisionName, latestRevision, weight = 0, label }) => {
    const revision = latestRevision || !revisionName ? stable : revisionName;
    return { revision, weight, ...(label && { label }), servedBy: revision !== undefined && wasReady(revision) ? revision : stable };
  });
}

/** Gives requests to revisions by weight, so evenly that after any hundred of them each has had its share (Azure's ingress draws lots). */
export class WeightedTurns {
  #credits = new Map<string, number>();

  next(shares: Share[]): string | undefined {
    const weights = new Map<string, number>();
    for (const { servedBy, weight } of shares) {
      if (servedBy !== undefined && weight > 0) weights.set(servedBy, (weights.get(servedBy) ?? 0) + weight);
    }
    const credits = new Map([...weights].map(([name, weight]) => [name, (this.#credits.get(name) ?? 0) + weight]));
    const [next] = [...credits].sort(([, one], [, other]) => other - one)[0] ?? [];
    if (next !== undefined) credits.set(next, credits.get(next)! - [...weights.values()].reduce((sum, weight) => sum + weight, 0));
    this.#credits = credits;
    return next;
  }
}
