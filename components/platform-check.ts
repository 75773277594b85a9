import { ArmFailure, REGISTRY_API_VERSION } from "../azure/arm-reader.ts";
import type { ArmReader } from "../azure/arm-reader.ts";
import { unreadable } from "./claims.ts";
import { Failure } from "./failure.ts";
import type { RegistryPermissions } from "./settings.ts";

/**
 * Refuses ids of another subscription than the provider's: it would look for their names in its own.
 *
 * @param ids by what they are called in settings or outputs; anything but an ARM id is left alone
 * @throws Failure `SUBSCRIPTION_DIFFERS` naming both
 */
export function checkSubscription(ids: Readonly<Record<string, string | undefined>>, subscriptionId: string): void {
  const others = Object.entries(ids).filter(([, id]) => {
    const own = /^\/subscriptions\/([^/]+)/i.exec(id ?? "")?.[1];
    return own !== undefined && own.toLowerCase() !== subscriptionId.toLowerCase();
  });
  if (others.length === 0) return;
  throw new Failure("SUBSCRIPTION_DIFFERS", "what is used is in another subscription than this stack; nothing was created", {
    value: others.map(([name, id]) => `${name}: ${id}`).join("\n"),
    allowed: `ids below /subscriptions/${subscriptionId}`,
    next: "az account set --subscription <the other one> (or pulumi config set azure-native:subscriptionId <the other one>), then run the same command again",
  });
}

/**
 * Refuses an existing registry whose permission mode is not the one that is set: roles of the other mode are without
 * effect there, and nothing could be pushed or pulled.
 *
 * @throws Failure `REGISTRY_PERMISSIONS_DIFFER`, `ARM_UNREADABLE`
 */
export async function checkRegistryMode(registryId: string, permissions: RegistryPermissions, arm: Pick<ArmReader, "get">): Promise<void> {
  const found = await modeOf(registryId, arm);
  if (found === undefined || found === permissions) return;
  throw new Failure("REGISTRY_PERMISSIONS_DIFFER", `the registry ${registryId} has ${found} permissions; nothing was created`, {
    value: `toolwharf:registryPermissions: ${permissions}`,
    allowed: found,
    next: `pulumi config set toolwharf:registryPermissions ${found}, then run the same command again`,
  });
}

/** Undefined where it is not there or may not be read: the engine, which reads it too, says so. */
async function modeOf(registryId: string, arm: Pick<ArmReader, "get">): Promise<RegistryPermissions | undefined> {
  try {
    const registry = await arm.get<{ properties: { roleAssignmentMode?: string } }>(registryId, REGISTRY_API_VERSION);
    return registry && (registry.properties.roleAssignmentMode === "AbacRepositoryPermissions" ? "abac" : "legacy");
  } catch (error) {
    if (error instanceof ArmFailure && error.status === 403) return undefined;
    throw unreadable(error, registryId);
  }
}
