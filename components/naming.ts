import { createHash } from "node:crypto";
import { DEFAULT_GROUP } from "../recipes/names.ts";

/** Azure's longest name of a container app (Azure docs, resource name rules). */
const APP_NAME_LENGTH = 32;

/**
 * The container app's name, 2 to 32 characters: the tool's own name in the default group, else group and name with a
 * hash of both, because `a-b`/`c` and `a`/`b-c` would meet. The same for ever, as the endpoint's address is made of it.
 */
export function appName(group: string, tool: string): string {
  if (group === DEFAULT_GROUP) return tool;
  const hash = shortHash(`${group}/${tool}`, 8);
  return `${trimmed(`${group}-${tool}`, APP_NAME_LENGTH - hash.length - 1)}-${hash}`;
}

/** `<group>/<tool>`: repository of its images below the login server, and the value of the tag `toolwharf-tool`. */
export function claimOf(group: string, tool: string): string {
  return `${group}/${tool}`;
}

/** `https://<fqdn>`, with the ingress's port where it is not the usual one. */
export function endpointUrl(fqdn: string, ingressPort = 443): string {
  return `https://${fqdn}${ingressPort === 443 ? "" : `:${ingressPort}`}`;
}

/** Tags that prove which stack made a resource, and which tool an app is. */
export function tagsOf(stack: string, claim?: string): Record<string, string> {
  return { "toolwharf-stack": stack, ...(claim !== undefined && { "toolwharf-tool": claim }) };
}

/** Names of what a platform stack makes, within the narrowest of Azure's rules that each has to follow. */
export function platformNames(stack: string, location: string): { resourceGroup: string; registryPrefix: string; workspace: string; environment: string; identity: string } {
  const slug = slugOf(stack, 40);
  const base = `toolwharf-${slug}`;
  return {
    resourceGroup: base,
    // Letters and digits only; the random suffix of 8 makes it unique in the world.
    registryPrefix: `toolwharf${slug.replaceAll("-", "").slice(0, 30)}`,
    // The name of a workspace that was deleted is kept for 14 days, in its region.
    workspace: `${base}-logs-${shortHash(location.toLowerCase().replaceAll(" ", ""), 4)}`,
    environment: base,
    identity: `${base}-pull`,
  };
}

/** Lower-case letters, digits and single hyphens; a name that had to be changed for it gets a hash of what it was. */
function slugOf(text: string, length: number): string {
  const slug = text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  if (slug === text && slug.length <= length) return slug;
  return [trimmed(slug, length - 7), shortHash(text, 6)].filter((part) => part !== "").join("-");
}

/**
 * A role assignment's name: a GUID that is the same for the same scope, principal and role, so that a repeated run finds
 * it. The principal is part of it because ARM refuses to move an assignment (`RoleAssignmentUpdateNotPermitted`).
 */
export function roleAssignmentName(scope: string, principalId: string, roleDefinitionId: string): string {
  const hex = createHash("sha256").update([scope, principalId, roleDefinitionId].join("\n").toLowerCase()).digest("hex");
  // Version 8 of RFC 9562: made by a rule of one's own.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const trimmed = (text: string, length: number): string => text.slice(0, length).replace(/-+$/, "");
const shortHash = (text: string, length: number): string => createHash("sha256").update(text).digest("hex").slice(0, length);
