import { applyChildren } from "./child-operations.ts";
import type { StoredResource } from "./documents.ts";
import type { Operation } from "./operations.ts";
import { DELETING, RESOURCE_GROUPS } from "./resources/constants.ts";
import { runGroupRemoval } from "./resources/deletion.ts";
import type { Context, TrackedType } from "./service.ts";
import { stateOf, transitional } from "./states.ts";
import { runApply, runRemove } from "./tracked-operations.ts";

/**
 * Takes up what a crash interrupted. A resource in a transitional state is worked on again, under the operation that its
 * client may still be asking for; an operation whose resource was never written had no answer yet, so it is dropped.
 */
export function resume(context: Context, types: TrackedType[]): void {
  const { documents, operations } = context;
  const resources = documents.within(`/subscriptions/${context.subscriptionId}`);
  for (const stored of resources) {
    const type = types.find((each) => each.type === stored.document.type);
    if (!type || !transitional(type, stored.document)) continue;
    const removing = stateOf(stored.document) === type.states.deleting;
    const operation = operationOf(stored, removing ? "remove" : "apply", context);
    if (removing) runRemove(type, operation, context);
    else runApply(type, operation, context);
  }
  for (const stored of resources) {
    if (stored.document.type !== RESOURCE_GROUPS || stateOf(stored.document) !== DELETING) continue;
    runGroupRemoval(operationOf(stored, "remove", context), context, types);
  }
  applyChildren(types.flatMap(({ children = [] }) => children), context);
  for (const operation of operations.unfinished()) settleStray(operation, context);
  operations.prune();
}

const INTERRUPTED = { code: "OperationInterrupted", message: "The operation failed; its cause was lost in a restart." };

function operationOf(stored: StoredResource, kind: Operation["kind"], { documents, operations }: Context): Operation {
  const known = stored.operationId === undefined ? undefined : operations.get(stored.operationId);
  if (known?.status === "InProgress") return known;
  const operation = operations.begin(stored.document.id, kind, String(stored.document.systemData?.["lastModifiedBy"] ?? ""));
  documents.put({ ...stored, operationId: operation.id });
  return operation;
}

/** The crash came between the resource's last write and the operation's, or before the resource's first. */
function settleStray(operation: Operation, { documents, operations }: Context): void {
  if (operations.isRunning(operation.id)) return;
  const stored = documents.get(operation.resourceId);
  if (stored?.operationId === operation.id) {
    const failed = operation.kind === "remove" || stateOf(stored.document) === "Failed";
    operations.finish(operation, failed ? INTERRUPTED : undefined);
  } else if (!stored && operation.kind === "remove") {
    operations.finish(operation);
  } else {
    operations.forget(operation.id);
  }
}
