import { ArmError, notEmulated } from "../errors.ts";
import { answer } from "../request.ts";
import type { Call, Endpoints } from "../service.ts";
import { ROLE_DEFINITIONS } from "./constants.ts";
import { ROLE_BY_ID, ROLES, type RoleDefinition } from "./roles.ts";

export const roleDefinitionEndpoints: Endpoints = {
  type: ROLE_DEFINITIONS,
  item: {
    GET: {
      action: `${ROLE_DEFINITIONS}/read`,
      handle(call) {
        const id = call.target.names[0] ?? "";
        const role = ROLE_BY_ID.get(id.toLowerCase());
        if (role) return answer(200, show(role, call));
        throw new ArmError(
          "RoleDefinitionDoesNotExist",
          `The specified role definition with ID '${id.replaceAll("-", "")}' does not exist.`,
          404,
        );
      },
    },
  },
  collection: {
    GET: {
      action: `${ROLE_DEFINITIONS}/read`,
      handle(call) {
        const name = readFilter(call.request.query.get("$filter"));
        const found = ROLES.filter((role) => name === undefined || role.name.toLowerCase() === name.toLowerCase());
        return answer(200, { value: found.map((role) => show(role, call)) });
      },
    },
  },
};

function readFilter(filter: string | null): string | undefined {
  if (!filter) return undefined;
  const [, name] = /^\s*roleName\s+eq\s+'([^']+)'\s*$/i.exec(filter) ?? [];
  if (name === undefined) throw notEmulated(`the $filter "${filter}" of role definitions`, "It knows roleName eq '<name>'.");
  return name;
}

function show({ id, name, description, actions, notActions, dataActions }: RoleDefinition, { context }: Call) {
  return {
    id: `/subscriptions/${context.subscriptionId}/providers/${ROLE_DEFINITIONS}/${id}`,
    name: id,
    type: ROLE_DEFINITIONS,
    properties: {
      roleName: name,
      type: "BuiltInRole",
      description,
      assignableScopes: ["/"],
      permissions: [{ actions, notActions, dataActions, notDataActions: [] }],
    },
  };
}
