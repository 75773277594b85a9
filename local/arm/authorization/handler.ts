import { ArmError, notEmulated } from "../errors.ts";
import { objectOf, present } from "../json.ts";
import { refuseNotEmulated } from "../not-emulated.ts";
import { answer, type ArmResponse } from "../request.ts";
import { groupIdOf, isWithin, parseResourceId, resourceGroupOf, sameId, typeOf } from "../resource-id.ts";
import { requireGroup } from "../resources/groups.ts";
import type { Call, Context, Endpoints } from "../service.ts";
import { findAssignment, listAssignments, putAssignment, removeAssignment, type Assignment } from "./assignments.ts";
import { ROLE_ASSIGNMENTS } from "./constants.ts";
import { NOT_EMULATED } from "./not-emulated.ts";
import { checkAssignmentName, checkPrincipal, checkUnique, checkUpdate, readAssignment } from "./validate.ts";

export const roleAssignmentEndpoints: Endpoints = {
  type: ROLE_ASSIGNMENTS,
  item: {
    GET: { action: `${ROLE_ASSIGNMENTS}/read`, handle: (call) => answer(200, show(findOrFail(call), call.context)) },
    PUT: { action: `${ROLE_ASSIGNMENTS}/write`, handle: put },
    DELETE: { action: `${ROLE_ASSIGNMENTS}/delete`, handle: remove },
  },
  collection: { GET: { action: `${ROLE_ASSIGNMENTS}/read`, handle: list } },
};

function nameOfCall({ target }: Call): string {
  return target.names[0] ?? "";
}

function find(call: Call): Assignment | undefined {
  const assignment = findAssignment(call.context.store, nameOfCall(call));
  return assignment && sameId(assignment.scope, call.target.scope) ? assignment : undefined;
}

function findOrFail(call: Call): Assignment {
  const assignment = find(call);
  if (!assignment) throw new ArmError("RoleAssignmentNotFound", `The role assignment '${nameOfCall(call)}' is not found.`, 404);
  return assignment;
}

function put(call: Call): ArmResponse {
  const { context, request, target } = call;
  const name = nameOfCall(call).toLowerCase();
  checkAssignmentName(name);
  const scope = checkScope(target.scope, context);
  const desired = readAssignment(request.body);
  const principalType = checkPrincipal(desired, context.principals, context.tenantId);
  const existing = findAssignment(context.store, name);
  checkUpdate(existing, { ...desired, scope });
  checkUnique(listAssignments(context.store), name, { ...desired, scope });
  refuseNotEmulated(ROLE_ASSIGNMENTS, objectOf(request.body), NOT_EMULATED);

  const now = context.now();
  const assignment: Assignment = {
    ...(existing ?? { createdOn: now.toISOString(), createdBy: request.principalId, effectiveAt: now.getTime() + context.propagationDelayMs }),
    ...desired,
    name,
    scope,
    principalType,
    updatedOn: now.toISOString(),
    updatedBy: request.principalId,
  };
  putAssignment(context.store, assignment);
  return answer(existing ? 200 : 201, show(assignment, context));
}

function remove(call: Call): ArmResponse {
  const assignment = find(call);
  if (!assignment) return answer(204);
  removeAssignment(call.context.store, assignment.name);
  return answer(200, show(assignment, call.context));
}

/** Like Azure's: at, above and below the scope; `atScope()` leaves out those below. */
function list(call: Call): ArmResponse {
  const { scope } = call.target;
  const { principalId, atScope } = readFilter(call.request.query.get("$filter"));
  const found = listAssignments(call.context.store).filter(
    (each) =>
      (isWithin(scope, each.scope) || (!atScope && isWithin(each.scope, scope))) &&
      (principalId === undefined || each.principalId.toLowerCase() === principalId.toLowerCase()),
  );
  return answer(200, { value: found.map((each) => show(each, call.context)) });
}

function readFilter(filter: string | null): { principalId?: string; atScope: boolean } {
  const read: { principalId?: string; atScope: boolean } = { atScope: false };
  for (const clause of filter?.split(/\sand\s/i) ?? []) {
    const principalId = /^\s*(?:principalId\s+eq\s+'([^']+)'|assignedTo\('([^']+)'\))\s*$/i.exec(clause);
    if (principalId) read.principalId = principalId[1] ?? principalId[2]!;
    else if (/^\s*atScope\(\)\s*$/i.test(clause)) read.atScope = true;
    else throw notEmulated(`the $filter "${filter}" of role assignments`, "It knows atScope(), principalId eq '<id>' and assignedTo('<id>').");
  }
  return read;
}

/** The scope must exist; it is kept as that resource's own id. */
function checkScope(scope: string, context: Context): string {
  if (sameId(scope, `/subscriptions/${context.subscriptionId}`)) return `/subscriptions/${context.subscriptionId}`;
  const group = requireGroup(context, scope);
  if (sameId(scope, groupIdOf(scope) ?? "")) return group.document.id;
  const stored = context.documents.get(scope);
  const parsed = parseResourceId(scope);
  if (stored || !parsed) return stored?.document.id ?? scope;
  throw new ArmError(
    "ResourceNotFound",
    `The Resource '${typeOf(parsed)}/${parsed.names.join("/")}' under resource group '${resourceGroupOf(scope)}' was not found. ` +
      "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    404,
  );
}

function show(assignment: Assignment, { subscriptionId }: Context) {
  const { name, scope, principalId, principalType, roleId, description, createdOn, createdBy, updatedOn, updatedBy } = assignment;
  return {
    id: `${scope}/providers/${ROLE_ASSIGNMENTS}/${name}`,
    name,
    type: ROLE_ASSIGNMENTS,
    properties: present({
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
      principalId,
      principalType,
      scope,
      description,
      createdOn,
      createdBy,
      updatedOn,
      updatedBy,
    }),
  };
}
