import type { Scope } from "./scopes.ts";

/** The stored role assignments, asked at the registry's id (`local/arm/authorization/access.ts`). */
export interface RoleCheck {
  allows(principalId: string, kind: "action" | "dataAction", action: string, scope: string): boolean;
}

export type PermissionMode = "legacy" | "abac";

const REGISTRIES = "Microsoft.ContainerRegistry/registries";

/** Azure docs, "Azure Container Registry roles and permissions": what each token action needs in a registry of RBAC mode. */
const LEGACY_ACTIONS: Record<string, string> = {
  pull: `${REGISTRIES}/pull/read`,
  metadata_read: `${REGISTRIES}/pull/read`,
  push: `${REGISTRIES}/push/write`,
  metadata_write: `${REGISTRIES}/push/write`,
  delete: `${REGISTRIES}/artifacts/delete`,
};

/** Azure docs, "Repository permissions with ABAC": the same in a registry of mode `AbacRepositoryPermissions`. */
const ABAC_ACTIONS: Record<string, string> = {
  pull: `${REGISTRIES}/repositories/content/read`,
  metadata_read: `${REGISTRIES}/repositories/metadata/read`,
  push: `${REGISTRIES}/repositories/content/write`,
  metadata_write: `${REGISTRIES}/repositories/metadata/write`,
  delete: `${REGISTRIES}/repositories/content/delete`,
};

/** The part of `asked` that the principal's roles allow at the registry; scopes without an allowed action are left out. */
export function grant(asked: Scope[], registry: { id: string; mode: PermissionMode }, principalId: string, roles: RoleCheck): Scope[] {
  const allowed = (scope: Scope, action: string): boolean => {
    const kind = registry.mode === "abac" ? "dataAction" : "action";
    const needed = permissionFor(scope, action, registry.mode);
    return needed !== undefined && roles.allows(principalId, kind, needed, registry.id);
  };
  return asked
    .map((scope) => ({ ...scope, actions: expand(scope).filter((action) => allowed(scope, action)) }))
    .filter(({ actions }) => actions.length > 0);
}

const expand = ({ type, actions }: Scope): string[] =>
  type === "repository" && actions.includes("*") ? Object.keys(LEGACY_ACTIONS) : actions;

function permissionFor({ type, name }: Scope, action: string, mode: PermissionMode): string | undefined {
  if (type === "repository") return (mode === "abac" ? ABAC_ACTIONS : LEGACY_ACTIONS)[action];
  if (type === "registry" && name === "catalog" && action === "*") return mode === "abac" ? `${REGISTRIES}/catalog/read` : `${REGISTRIES}/pull/read`;
  return undefined;
}
