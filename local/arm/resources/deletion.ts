import { removeAssignmentsWithin } from "../authorization/assignments.ts";
import { ArmError } from "../errors.ts";
import type { Operation } from "../operations.ts";
import { nameOf } from "../resource-id.ts";
import type { Context, TrackedType } from "../service.ts";
import { removeTracked } from "../tracked-operations.ts";

/** Removes a group with all it holds; what cannot be removed stops the removal and gives the group back, as on Azure. */
export function runGroupRemoval(operation: Operation, context: Context, inRemovalOrder: TrackedType[]): void {
  const groupId = operation.resourceId;
  context.operations.run(operation, async () => {
    const blocked: string[] = [];
    for (const type of inRemovalOrder) {
      const held = context.documents.within(groupId, type.type);
      const removed = await Promise.all(held.map(({ document }) => removeOne(type, document.id, context, operation.principalId)));
      held.forEach(({ document }, index) => removed[index] || blocked.push(`${type.type}/${nameOf(document.id)}`));
    }
    const group = context.documents.get(groupId);
    if (group && blocked.length > 0) {
      context.documents.put({ ...group, document: { ...group.document, properties: { provisioningState: "Succeeded" } } });
      throw deletionBlocked(group.document.name, blocked, operation.id);
    }
    context.documents.delete(groupId);
    removeAssignmentsWithin(context.store, groupId);
  });
}

/** Whether it is gone. An operation that still runs on it ends first. */
async function removeOne(type: TrackedType, id: string, context: Context, principalId: string): Promise<boolean> {
  await context.operations.settled(context.documents.get(id)?.operationId);
  const stored = context.documents.get(id);
  if (!stored) return true;
  try {
    type.checkRemove?.(stored, context);
  } catch {
    return false;
  }
  const operation = await removeTracked(type, stored, context, principalId);
  await context.operations.settled(operation?.id);
  return context.documents.get(id) === undefined;
}

function deletionBlocked(name: string, blocked: string[], trackingId: string): ArmError {
  return new ArmError(
    "ResourceGroupDeletionBlocked",
    `Deletion of resource group '${name}' failed as resources with identifiers '${blocked.join(",")}' could not be deleted. ` +
      "The provisioning state of the resource group will be rolled back. " +
      `The tracking Id is '${trackingId}'. Please check audit logs for more details.`,
    409,
  );
}
