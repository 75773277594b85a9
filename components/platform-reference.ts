import * as pulumi from "@pulumi/pulumi";
import { toolsTaken } from "./claims.ts";
import { Failure } from "./failure.ts";
import type { Settings } from "./settings.ts";
import type { Platform } from "./tool-platform.ts";

/** The platform's outputs, as far as tool stacks use them. */
export type KnownPlatform = { [Field in keyof Platform]: pulumi.Unwrap<Platform[Field]> };

const FIELDS = ["location", "resourceGroupName", "registryId", "loginServer", "registryPermissions", "environmentId", "defaultDomain", "identityId"] as const satisfies ReadonlyArray<keyof Platform>;

/**
 * The platform that another stack made, from that stack's outputs.
 *
 * @throws Failure `PLATFORM_MISSING`; `TOOL_TAKEN` when the platform stack owns the tool itself; `STORAGE_UNKNOWN`
 */
export async function referToPlatform({ platform, tool, tools: folders }: Pick<Settings, "platform" | "tool" | "tools">): Promise<KnownPlatform> {
  const stack = new pulumi.StackReference(`${pulumi.getOrganization()}/${pulumi.getProject()}/${platform}`);
  const [{ value: found }, { value: tools }] = await Promise.all([stack.getOutputDetails("platform"), stack.getOutputDetails("tools")]);
  if (!isPlatform(found)) {
    throw new Failure("PLATFORM_MISSING", `the stack ${platform} has no platform that ${tool} could be deployed on`, {
      next: `pulumi up --stack ${platform}, then run the same command again`,
    });
  }
  if (typeof tools === "object" && tools !== null && Object.hasOwn(tools, tool!)) {
    throw toolsTaken([`${tool}: the platform stack ${platform} owns it`], `pulumi up --stack ${platform} (toolwharf up ${tool}), or leave it out of that stack's toolwharf:tools first`);
  }
  // A platform that was made before there were storages tells of none.
  const known = { ...found, storages: found.storages ?? {} };
  checkStorages(folders, known, platform);
  return known;
}

function checkStorages(folders: Settings["tools"], { storages }: KnownPlatform, platform: string): void {
  const unknown = folders.flatMap(({ settings }) => settings.volumes.map(({ storage }) => storage)).filter((storage) => !Object.hasOwn(storages, storage));
  if (unknown.length === 0) return;
  throw new Failure("STORAGE_UNKNOWN", `the platform stack ${platform} has no such storage to mount; nothing was created`, {
    value: unknown.join(", "),
    allowed: Object.keys(storages).join(", ") || "none, the platform has no storages",
    next: `set toolwharf:storages in the stack ${platform} and run pulumi up --stack ${platform}, or change toolwharf:volumes; then run the same command again`,
  });
}

function isPlatform(value: unknown): value is Omit<KnownPlatform, "storages"> & Partial<Pick<KnownPlatform, "storages">> {
  return typeof value === "object" && value !== null && FIELDS.every((field) => typeof (value as Record<string, unknown>)[field] === "string");
}
