import type { StoredResource } from "../documents.ts";
import { ArmError } from "../errors.ts";
import { groupIdOf, resourceGroupOf } from "../resource-id.ts";
import type { Context } from "../service.ts";
import { stateOf } from "../states.ts";
import { DELETING } from "./constants.ts";

/** The resource group that holds `id`. */
export function requireGroup(context: Pick<Context, "documents">, id: string): StoredResource {
  const stored = context.documents.get(groupIdOf(id) ?? "");
  if (!stored) throw new ArmError("ResourceGroupNotFound", `Resource group '${resourceGroupOf(id)}' could not be found.`, 404);
  return stored;
}

/** The same, for something to be made or changed in it. */
export function requireLiveGroup(context: Pick<Context, "documents">, id: string): StoredResource {
  const stored = requireGroup(context, id);
  if (stateOf(stored.document) === DELETING) {
    throw new ArmError(
      "ResourceGroupBeingDeleted",
      `The resource group '${stored.document.name}' is in deprovisioning state and cannot perform this operation.`,
      409,
    );
  }
  return stored;
}
