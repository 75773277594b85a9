import { ArmError } from "../errors.ts";
import type { ArmDocument } from "../hosts.ts";
import { stateOf } from "../states.ts";

/** What belongs to an environment needs it whole. */
export function requireProvisioned(environment: ArmDocument): void {
  if (stateOf(environment) !== "Succeeded") throw environmentNotProvisioned(environment.id);
}

export function environmentNotProvisioned(id: string): ArmError {
  return new ArmError("ManagedEnvironmentNotProvisioned", `The environment '${id}' has not been provisioned successfully.`);
}
