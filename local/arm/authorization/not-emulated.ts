import type { Unsupported } from "../not-emulated.ts";
import { nameOf } from "../resource-id.ts";
import { GUID } from "./constants.ts";
import { ROLE_BY_ID, ROLES } from "./roles.ts";

/** Properties of role assignments that Azure has and the miniature has not: asked for, each is refused by name. */
export const NOT_EMULATED: Unsupported[] = [
  { path: "properties.condition", instead: "Leave the condition out." },
  { path: "properties.conditionVersion", instead: "Leave the condition out." },
  { path: "properties.delegatedManagedIdentityResourceId" },
  { path: "properties.roleDefinitionId", asks: isUnknownRole, instead: `It knows ${ROLES.map(({ name }) => name).join(", ")}.` },
];

function isUnknownRole(id: unknown): boolean {
  const name = typeof id === "string" ? nameOf(id).toLowerCase() : "";
  return GUID.test(name) && !ROLE_BY_ID.has(name);
}
