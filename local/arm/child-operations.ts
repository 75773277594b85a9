import { removeAssignmentsWithin } from "./authorization/assignments.ts";
import type { ArmDocument } from "./hosts.ts";
import type { ChildType, Context } from "./service.ts";

/** Removes all that belongs to a resource. */
export function forgetChildren(types: readonly ChildType[], parentId: string, context: Context): void {
  for (const type of types) for (const { document } of context.documents.within(parentId, type.type)) forgetChild(type, document, context);
}

export function forgetChild(type: ChildType, document: ArmDocument, context: Context): void {
  type.remove?.(document, context);
  context.documents.delete(document.id);
  removeAssignmentsWithin(context.store, document.id);
}

/** After a start: what is stored is made real again. */
export function applyChildren(types: readonly ChildType[], context: Context): void {
  for (const type of types) for (const { document } of context.documents.within(`/subscriptions/${context.subscriptionId}`, type.type)) type.apply?.(document, context);
}
