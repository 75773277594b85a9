import type { ArmDocument } from "./hosts.ts";
import type { TrackedType } from "./service.ts";

export function stateOf({ properties }: ArmDocument): string {
  return String(properties["provisioningState"] ?? "");
}

/** Whether an operation is under way on it. */
export function transitional({ states }: Pick<TrackedType, "states">, document: ArmDocument): boolean {
  return Object.values(states).includes(stateOf(document));
}
