import type { Call } from "./service.ts";

/** Who made a resource and who changed it last; kept by ARM, not by the service. */
export function systemData({ request, context }: Call, before: Record<string, unknown> | undefined): Record<string, unknown> {
  const now = context.now().toISOString();
  const kind = context.principals.find(request.principalId)?.type === "ServicePrincipal" ? "Application" : "User";
  return {
    ...(before ?? { createdBy: request.principalId, createdByType: kind, createdAt: now }),
    lastModifiedBy: request.principalId,
    lastModifiedByType: kind,
    lastModifiedAt: now,
  };
}
