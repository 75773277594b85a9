import { removeAssignmentsWithin } from "./authorization/assignments.ts";
import { forgetChildren } from "./child-operations.ts";
import type { StoredResource } from "./documents.ts";
import type { Operation } from "./operations.ts";
import type { Context, TrackedType } from "./service.ts";

/** Makes a stored resource real after its PUT was answered; the state tells how it went. */
export function runApply(type: TrackedType, operation: Operation, context: Context): void {
  context.operations.run(operation, async () => {
    const stored = context.documents.get(operation.resourceId);
    if (!stored) return;
    try {
      settle(context, operation, { ...(await type.apply!(stored, context)), provisioningState: "Succeeded" });
    } catch (error) {
      settle(context, operation, { provisioningState: "Failed" });
      throw error;
    }
  });
}

/** Starts the removal of a resource; undefined when it is done already, because nothing real is behind the type. */
export async function removeTracked(
  type: TrackedType,
  stored: StoredResource,
  context: Context,
  principalId: string,
): Promise<Operation | undefined> {
  if (!type.apply) {
    await type.remove(stored, context);
    forget(type, stored, context);
    return undefined;
  }
  const operation = context.operations.begin(stored.document.id, "remove", principalId);
  const { properties } = stored.document;
  context.documents.put({
    ...stored,
    operationId: operation.id,
    document: { ...stored.document, properties: { ...properties, provisioningState: type.states.deleting } },
  });
  runRemove(type, operation, context);
  return operation;
}

export function runRemove(type: TrackedType, operation: Operation, context: Context): void {
  context.operations.run(operation, async () => {
    const stored = context.documents.get(operation.resourceId);
    if (!stored) return;
    try {
      await type.remove(stored, context);
    } catch (error) {
      settle(context, operation, { provisioningState: "Failed" });
      throw error;
    }
    forget(type, stored, context);
  });
}

function forget({ children = [] }: TrackedType, { document }: StoredResource, context: Context): void {
  forgetChildren(children, document.id, context);
  context.documents.delete(document.id);
  removeAssignmentsWithin(context.store, document.id);
}

function settle(context: Context, operation: Operation, outcome: Record<string, unknown>): void {
  const stored = context.documents.get(operation.resourceId);
  if (!stored) return;
  const properties = { ...stored.document.properties, ...outcome };
  context.documents.put({ ...stored, document: { ...stored.document, properties } });
}
