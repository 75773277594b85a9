import * as pulumi from "@pulumi/pulumi";
import { missingRole } from "./push-refusal.ts";
import type { RegistryPermissions } from "./settings.ts";

/** Azure's texts of a revision that could not pull; the last one also ends other starts that take too long. */
const REFUSED = /UNAUTHORIZED|unable to pull image using Managed identity|Operation expired/i;

/** What to say of an app whose image was not pulled; undefined: it failed for another reason. */
export function explainPull(app: string, error: string, inputs: unknown, permissions: RegistryPermissions): string | undefined {
  if (!REFUSED.test(error)) return undefined;
  const { server = "the registry", identity = "the identity that pulls" } = pullOf(inputs);
  const { needed } = missingRole("pull", permissions, server);
  return [
    `PULL_REFUSED: the image of ${app} could not be pulled${/Operation expired/i.test(error) ? ", or its start took longer than Azure waits" : ""}`,
    `  needed: ${needed.replace("whoever runs this", identity)}`,
    "  next: run the same command again; where that does not help, see whether the role is there: az role assignment list --all --assignee <principal id of the identity>",
  ].join("\n");
}

const hooks = new Map<RegistryPermissions, pulumi.ErrorHook>();

/** For `hooks.onError` of apps. Nothing is repeated: the app is there, and the next run mends it. One for each mode: hooks are known by name. */
export function explainRefusedPull(permissions: RegistryPermissions): pulumi.ErrorHook {
  const made = hooks.get(permissions);
  if (made) return made;
  const hook = new pulumi.ErrorHook(`toolwharf-explain-refused-pull-${permissions}`, async ({ name, errors, newInputs }) => {
    const text = explainPull(name, errors[0] ?? "", newInputs, permissions);
    if (text !== undefined) await pulumi.log.error(text);
    return false;
  });
  hooks.set(permissions, hook);
  return hook;
}

function pullOf(inputs: unknown): { server?: string; identity?: string } {
  const { configuration } = (inputs ?? {}) as { configuration?: { registries?: Array<{ server?: unknown; identity?: unknown }> } };
  const { server, identity } = configuration?.registries?.[0] ?? {};
  return { ...(typeof server === "string" && { server }), ...(typeof identity === "string" && { identity }) };
}
