import type { RegistryPermissions } from "./settings.ts";

/** A built-in role of Azure (Azure docs, built-in roles for containers). */
export interface Role {
  name: string;
  guid: string;
}

/** Roles that pull and push, by the registry's permission mode: one with ABAC does not honour the Acr roles. */
export const REGISTRY_ROLES: Record<RegistryPermissions, { pull: Role; push: Role }> = {
  legacy: {
    pull: { name: "AcrPull", guid: "7f951dda-4ed3-4680-a7ca-43fe172d538d" },
    push: { name: "AcrPush", guid: "8311e382-0749-4cb8-b61a-304f252e45ec" },
  },
  abac: {
    pull: { name: "Container Registry Repository Reader", guid: "b93aa761-3e63-49ed-ac28-beffa264f7ac" },
    push: { name: "Container Registry Repository Writer", guid: "2a1e307c-b015-4ebd-883e-5b7698a07328" },
  },
};

/** @param scope any ARM id below a subscription */
export function roleDefinitionId(scope: string, role: Role): string {
  const [, subscription] = /^(\/subscriptions\/[^/]+)/i.exec(scope) ?? [];
  return `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role.guid}`;
}
