import { missing, note, ok, type Finding } from "./finding.ts";

/** Azure built-in roles, by their ids. */
const ROLES: Record<string, string> = {
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
  "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
  "acdd72a7-3385-48ef-bd42-f606fba81ae7": "Reader",
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
  "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
  "8311e382-0749-4cb8-b61a-304f252e45ec": "AcrPush",
  "7f951dda-4ed3-4680-a7ca-43fe172d538d": "AcrPull",
  "2a1e307c-b015-4ebd-883e-5b7698a07328": "Container Registry Repository Writer",
  "2efddaa5-3f1f-4df3-97df-af3f13818f4c": "Container Registry Repository Contributor",
  "358470bc-b998-42bd-ab17-a7e34c199c0f": "Container Apps Contributor",
};

/** Something that a deployment does, and the roles of which one is enough for it; the first one is recommended. */
interface Need {
  what: string;
  roles: string[];
  scope: string;
}

/** `own`: the program makes its registry; `elsewhere`: one is looked at by itself; else the permissions of that one. */
export type RegistryKind = "own" | "elsewhere" | "legacy" | "abac";

export interface RoleAssignment {
  properties: { roleDefinitionId: string; scope: string; condition?: string | null };
}

/** @param scope where the assignments were asked for: the subscription, or a registry */
export function needsAt(scope: string, registry: RegistryKind): Need[] {
  const push = { what: "push images", roles: ["AcrPush", "Contributor", "Owner"], scope };
  if (registry === "abac") return [{ ...push, roles: ["Container Registry Repository Writer", "Container Registry Repository Contributor"] }];
  if (registry === "legacy") return [push];
  return [
    { what: "create resources", roles: ["Contributor", "Owner"], scope },
    { what: "assign AcrPull", roles: ["Role Based Access Control Administrator", "User Access Administrator", "Owner"], scope },
    ...(registry === "own" ? [push] : []),
  ];
}

export function judgeRoles(needs: Need[], assignments: RoleAssignment[], principalId: string): Finding[] {
  const held = assignments.map(({ properties }) => ({
    name: ROLES[properties.roleDefinitionId.split("/").at(-1)!.toLowerCase()],
    condition: properties.condition,
  }));
  const findings = needs.map(({ what, roles, scope }) => {
    const by = held.find(({ name }) => name !== undefined && roles.includes(name));
    const assign = `az role assignment create --assignee-object-id ${principalId} --role "${roles[0]}" --scope ${scope}`;
    if (!by) return missing(what, `none of ${roles.join(", ")} at ${scope}`, assign);
    return by.condition ? note(what, `${by.name}, under a condition that was not looked at`) : ok(what, by.name!);
  });
  const unknown = held.filter(({ name }) => name === undefined).length;
  return unknown === 0 ? findings : [...findings, note("other roles", `${unknown} more, custom or less known, whose actions were not looked at`)];
}
