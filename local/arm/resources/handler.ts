import type { StoredResource } from "../documents.ts";
import { isObject, mergePatch, objectOf, present } from "../json.ts";
import { checkLocation } from "../locations.ts";
import { refuseNotEmulated } from "../not-emulated.ts";
import { operationHeaders } from "../operation-links.ts";
import { answer, type ArmResponse } from "../request.ts";
import { nameOf } from "../resource-id.ts";
import type { Call, Endpoints, TrackedType } from "../service.ts";
import { stateOf } from "../states.ts";
import { checkTags } from "../tags.ts";
import { invalidContent } from "../tracked-resource.ts";
import { DELETING, RESOURCE_GROUPS } from "./constants.ts";
import { runGroupRemoval } from "./deletion.ts";
import { matchesGroupFilter } from "./filter.ts";
import { requireGroup, requireLiveGroup } from "./groups.ts";
import { NOT_EMULATED } from "./not-emulated.ts";
import { checkGroupLocation, checkGroupName } from "./validate.ts";

const ACTION = "Microsoft.Resources/subscriptions/resourceGroups";

/** @param inRemovalOrder the types of what a group can hold, users before what they use */
export function resourceGroupEndpoints(inRemovalOrder: TrackedType[]): Endpoints {
  return {
    type: RESOURCE_GROUPS,
    item: {
      GET: { action: `${ACTION}/read`, handle: (call) => answer(200, requireGroup(call.context, call.id).document) },
      HEAD: { action: `${ACTION}/read`, handle: (call) => answer(call.context.documents.get(call.id) ? 204 : 404) },
      PUT: { action: `${ACTION}/write`, handle: (call) => put(call, bodyOf(call)) },
      PATCH: {
        action: `${ACTION}/write`,
        handle: (call) => put(call, objectOf(mergePatch(requireGroup(call.context, call.id).document, bodyOf(call)))),
      },
      DELETE: { action: `${ACTION}/delete`, handle: (call) => remove(call, inRemovalOrder) },
    },
    collection: { GET: { action: `${ACTION}/read`, handle: list } },
  };
}

function bodyOf({ request }: Call): Record<string, unknown> {
  if (!isObject(request.body)) throw invalidContent("the body must be a JSON object");
  return request.body;
}

function put(call: Call, body: Record<string, unknown>): ArmResponse {
  const { context } = call;
  const name = nameOf(call.id);
  checkGroupName(name);
  const location = checkLocation(body["location"], RESOURCE_GROUPS);
  const existing = context.documents.get(call.id)?.document;
  if (existing) {
    requireLiveGroup(context, call.id);
    checkGroupLocation(existing, location);
  }
  refuseNotEmulated(RESOURCE_GROUPS, body, NOT_EMULATED);
  const document = present({
    id: existing?.id ?? `/subscriptions/${context.subscriptionId}/resourceGroups/${name}`,
    name: existing?.name ?? name,
    type: RESOURCE_GROUPS,
    location,
    tags: checkTags(body["tags"]),
    properties: { provisioningState: "Succeeded" },
  });
  context.documents.put({ document });
  return answer(existing ? 200 : 201, document);
}

function remove(call: Call, inRemovalOrder: TrackedType[]): ArmResponse {
  const { context } = call;
  const { document, operationId } = requireGroup(context, call.id);
  const current = operationId === undefined ? undefined : context.operations.get(operationId);
  if (stateOf(document) === DELETING && current) return accepted(call, current, document.location);

  const operation = context.operations.begin(document.id, "remove", call.request.principalId);
  const stored: StoredResource = { document: { ...document, properties: { provisioningState: DELETING } }, operationId: operation.id };
  context.documents.put(stored);
  runGroupRemoval(operation, context, inRemovalOrder);
  return accepted(call, operation, document.location);
}

function accepted(call: Call, operation: Parameters<typeof operationHeaders>[0], location = ""): ArmResponse {
  return answer(202, undefined, operationHeaders(operation, location, call));
}

function list(call: Call): ArmResponse {
  const groups = call.context.documents.within(call.id, RESOURCE_GROUPS).map(({ document }) => document);
  return answer(200, { value: groups.filter(matchesGroupFilter(call.request.query.get("$filter"))) });
}
