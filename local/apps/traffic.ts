/** A revision as the traffic sees it; in the order of creation. */
export interface TrafficFacts {
  name: string;
  active: boolean;
  /** All the replicas that it should have are ready (scaled to zero, after it was ready, counts too). */
  ready: boolean;
}

/**
 * Which revision is the latest stable one in Multiple mode: the newest that is ready, and it stays so when it fails later. Nobody is
 * deactivated.
 */
export function nextStable(revisions: TrafficFacts[], serving: string | undefined): { serving: string | undefined; deactivate: string[] } {
  const active = revisions.filter((revision) => revision.active);
  const now = active.findIndex(({ name }) => name === serving);
  const newer = active.slice(now + 1).findLast(({ ready }) => ready);
  return { serving: newer?.name ?? active[now]?.name, deactivate: [] };
}

/**
 * Who has the traffic in Single mode, and who is to be deactivated (Azure docs, "Revisions", single revision mode): the newest
 * revision takes over when it is ready, and the old one serves until then. A revision that was superseded before it was ready is
 * given up.
 */
export function nextTraffic(revisions: TrafficFacts[], serving: string | undefined): { serving: string | undefined; deactivate: string[] } {
  const active = revisions.filter((revision) => revision.active);
  const newest = active.at(-1);
  const next = newest?.ready || !active.some(({ name }) => name === serving) ? (active.findLast(({ ready }) => ready)?.name ?? undefined) : serving;
  return { serving: next, deactivate: active.map(({ name }) => name).filter((name) => name !== next && name !== newest?.name) };
}
