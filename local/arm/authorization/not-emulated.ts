import type { Unsupported } from "../not-emulated.ts";
import { nameOf } from "../resource-id.ts";
import { ROLE_BY_ID, ROLES } from "./roles.ts";

/** Properties of role assignments that Azure has and the miniature has not: asked for, each is refused by name. */
export const NOT_EMULATED: Unsupported[] = [
  { path: "properties.condition", instead: "Leave the condition out." },
  { path: "properties.conditionVersion", instead: "Leave the condition out." },
  { path: "properties.delegatedManagedIdentityResourceId" },
  { path: "properties.roleDefinitionId", asks: (id) => typeof id === "string" && !ROLE_BY_ID.has(nameOf(id).toLowerCase()), instead: `It knows ${ROLES.map(({ name }) => name).join(", ")}.` },
];
