import * as pulumi from "@pulumi/pulumi";
import { REGISTRY_ROLES } from "./roles.ts";
import type { RegistryPermissions } from "./settings.ts";

const REFUSED = /\b(?:denied|unauthorized|authentication required|insufficient[_ ]scope|forbidden)\b/i;

/** Whether an error of an image's build and push is the registry refusing the push. */
export function isPushRefusal(error: string): boolean {
  return REFUSED.test(error);
}

/** What is missing and how it is given, for messages. @param registry its id, or its login server */
export function missingRole(kind: "pull" | "push", permissions: RegistryPermissions, registry: string): { needed: string; next: string } {
  const role = REGISTRY_ROLES[permissions][kind].name;
  return {
    needed: `the role "${role}" on ${registry} for whoever runs this; a new assignment takes up to 10 minutes to be known everywhere`,
    next: `az role assignment create --role "${role}" --assignee <object id> --scope ${registry.startsWith("/") ? registry : "<id of the registry>"}`,
  };
}

const hooks = new Map<RegistryPermissions, pulumi.ErrorHook>();

/**
 * For `hooks.onError` of images: names the role behind a refused push, which the registry's own answer never does.
 * Nothing is repeated. One for the whole program: hooks are known by name.
 */
export function explainRefusedPush(permissions: RegistryPermissions): pulumi.ErrorHook {
  const made = hooks.get(permissions);
  if (made) return made;
  const hook = new pulumi.ErrorHook(`toolwharf-explain-refused-push-${permissions}`, async ({ name, errors, newInputs }) => {
    if (!isPushRefusal(errors[0] ?? "")) return false;
    const server: unknown = newInputs?.registry?.server;
    const { needed, next } = missingRole("push", permissions, typeof server === "string" ? server : "the registry");
    await pulumi.log.error(
      [
        `PUSH_REFUSED: the registry refused the push of ${name}`,
        `  needed: ${needed}`,
        `  next: where pushes went well before, run the same command again, as a token may end in the middle of a push; otherwise: ${next}`,
      ].join("\n"),
    );
    return false;
  });
  hooks.set(permissions, hook);
  return hook;
}
