import { ArmError } from "../errors.ts";
import type { Call, Context } from "../service.ts";

/** Azure docs, "Troubleshoot Azure RBAC": the text of every refusal, whatever the service. */
export function requireAction(context: Context, principalId: string, action: string, scope: string): void {
  if (context.access.allows(principalId, "action", action, scope)) return;
  throw new ArmError(
    "AuthorizationFailed",
    `The client '${principalId}' with object id '${principalId}' does not have authorization to perform action '${action}' ` +
      `over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    403,
  );
}

/** What a resource refers to must be open to the caller too: an environment to join, an identity to assign. */
export function requireLinkedAction({ context, request }: Call, write: { action: string; id: string }, action: string, linkedId: string): void {
  const { principalId } = request;
  if (context.access.allows(principalId, "action", action, linkedId)) return;
  throw new ArmError(
    "LinkedAuthorizationFailed",
    `The client '${principalId}' with object id '${principalId}' has permission to perform action '${write.action}' on scope '${write.id}'; ` +
      `however, it does not have permission to perform action '${action}' on the linked scope(s) '${linkedId}' or the linked scope(s) are invalid.`,
    403,
  );
}
