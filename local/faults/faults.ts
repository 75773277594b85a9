import type { FaultName, RegistryRequests } from "./table.ts";

/** A switch that is on. */
export interface Fault {
  name: FaultName;
  /** Name of the app or registry that it is about; absent: all. */
  target?: string;
  /** How often it still happens; absent: until it is cleared. */
  timesLeft?: number;
  seconds?: number;
  requests?: RegistryRequests;
  /** When it was set, ISO 8601. */
  since: string;
  /** How often it has happened. */
  happened: number;
}

/** The switches that are on. In memory only: a daemon that starts has none, so that no demonstration outlives its day. */
export interface Faults {
  /** Takes the place of the same switch for the same target. */
  set(fault: Omit<Fault, "since" | "happened">): Fault;
  list(): Fault[];
  /** @param name without it, all. @returns what was on */
  clear(name?: FaultName): Fault[];
  /** The switch, if it is on for this target; one for the target itself goes before one for all. */
  find(name: FaultName, target?: string): Fault | undefined;
  /** The same, and it has happened now: counts, and goes off after the last time. */
  take(name: FaultName, target?: string, requests?: RegistryRequests): Fault | undefined;
}

export function openFaults(clock: () => number = Date.now): Faults {
  let on: Fault[] = [];
  const isFor = (fault: Fault, name: FaultName, target: string | undefined) =>
    fault.name === name && (fault.target === undefined || fault.target.toLowerCase() === target?.toLowerCase());
  const matching = (name: FaultName, target: string | undefined) =>
    on.filter((fault) => isFor(fault, name, target)).sort((one, other) => Number(one.target === undefined) - Number(other.target === undefined));

  return {
    set(wanted) {
      const fault: Fault = { ...wanted, since: new Date(clock()).toISOString(), happened: 0 };
      on = [...on.filter(({ name, target }) => name !== wanted.name || target?.toLowerCase() !== wanted.target?.toLowerCase()), fault];
      return { ...fault };
    },
    list: () => on.map((fault) => ({ ...fault })),
    clear(name) {
      const [cleared, kept] = [on.filter((fault) => name === undefined || fault.name === name), on.filter((fault) => name !== undefined && fault.name !== name)];
      on = kept;
      return cleared;
    },
    find: (name, target) => matching(name, target)[0],
    take(name, target, requests) {
      const fault = matching(name, target).find((each) => each.requests === undefined || each.requests === requests);
      if (!fault) return undefined;
      fault.happened += 1;
      if (fault.timesLeft !== undefined && --fault.timesLeft <= 0) on = on.filter((each) => each !== fault);
      return fault;
    },
  };
}

/** Milliseconds since 1970 from which an assignment that was made then counts, as far as the switches say. */
export function knownFrom(faults: Faults, createdOn: string): number {
  const created = Date.parse(createdOn);
  const concerned = (name: FaultName): Fault | undefined => {
    const fault = faults.find(name);
    return fault && created > Date.parse(fault.since) ? fault : undefined;
  };
  if (concerned("role-propagation-never")) return Number.POSITIVE_INFINITY;
  return created + (concerned("role-propagation-slow")?.seconds ?? 0) * 1000;
}
