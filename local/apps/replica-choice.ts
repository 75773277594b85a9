import type { Replica } from "./replica.ts";

/** Chooses the replica for one request: of those with the fewest open ones, each in turn. */
export class ReplicaChoice {
  #turn = 0;

  /** @param tried to be chosen only when there is no other */
  of(ready: Replica[], tried: ReadonlySet<object>): Replica | undefined {
    const untried = ready.filter((replica) => !tried.has(replica));
    const choice = untried.length > 0 ? untried : ready;
    const fewest = Math.min(...choice.map(({ requests }) => requests.count));
    const idlest = choice.filter(({ requests }) => requests.count === fewest);
    return idlest[this.#turn++ % idlest.length];
  }
}
