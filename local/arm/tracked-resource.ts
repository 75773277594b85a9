import { ArmError } from "./errors.ts";
import type { StoredResource } from "./documents.ts";
import type { ArmDocument } from "./hosts.ts";
import { isObject, mergePatch, objectOf, present } from "./json.ts";
import { checkLocation, normalizeLocation } from "./locations.ts";
import { operationHeaders } from "./operation-links.ts";
import { refuseNotEmulated } from "./not-emulated.ts";
import type { Operation } from "./operations.ts";
import { answer, type ArmResponse } from "./request.ts";
import { formatResourceId, groupIdOf, nameOf, resourceGroupOf } from "./resource-id.ts";
import { requireGroup, requireLiveGroup } from "./resources/groups.ts";
import type { Call, Context, Desired, Endpoints, TrackedType } from "./service.ts";
import { stateOf, transitional } from "./states.ts";
import { systemData } from "./system-data.ts";
import { checkTags } from "./tags.ts";
import { removeTracked, runApply } from "./tracked-operations.ts";

/** PUT, PATCH, GET, DELETE and the lists of a type: what ARM does for all resources in a group, around what the type adds. */
export function trackedEndpoints(type: TrackedType): Endpoints {
  return {
    type: type.type,
    item: {
      GET: { action: `${type.type}/read`, handle: (call) => answer(200, type.present(findTracked(type, call), call)) },
      PUT: { action: `${type.type}/write`, handle: (call) => write(type, call, desiredByPut(type, call)) },
      PATCH: { action: `${type.type}/write`, handle: (call) => write(type, call, desiredByPatch(type, call)) },
      DELETE: { action: `${type.type}/delete`, handle: (call) => remove(type, call) },
    },
    collection: { GET: { action: `${type.type}/read`, handle: (call) => list(type, call) } },
  };
}

/** The resource that the path names, or ARM's 404; `depth` names an ancestor, for the paths of its children and actions. */
export function findTracked(type: TrackedType, call: Call, depth = 1): StoredResource {
  const id = trackedId(call, depth);
  const stored = call.context.documents.get(id);
  if (stored) return stored;
  requireGroup(call.context, id);
  throw new ArmError(
    "ResourceNotFound",
    `The Resource '${type.type}/${nameOf(id)}' under resource group '${resourceGroupOf(id)}' was not found. ` +
      "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    404,
  );
}

function trackedId({ target }: Call, depth: number): string {
  return formatResourceId({ ...target, types: target.types.slice(0, depth), names: target.names.slice(0, depth) });
}

function list(type: TrackedType, call: Call): ArmResponse {
  if (groupIdOf(call.id)) requireGroup(call.context, call.id);
  return answer(200, { value: call.context.documents.within(call.id, type.type).map((stored) => type.present(stored, call)) });
}

function desiredByPut(type: TrackedType, call: Call): Desired {
  const { body } = call.request;
  if (!isObject(body)) throw invalidContent("the body must be a JSON object");
  return desire(type, call, body);
}

function desiredByPatch(type: TrackedType, call: Call): Desired {
  const { document } = findTracked(type, call);
  if (!isObject(call.request.body)) throw invalidContent("the body must be a JSON object");
  return desire(type, call, objectOf(mergePatch(document, call.request.body)));
}

function desire(type: TrackedType, call: Call, body: Record<string, unknown>): Desired {
  if (body["properties"] !== undefined && body["properties"] !== null && !isObject(body["properties"])) {
    throw invalidContent("'properties' must be an object");
  }
  const tags = checkTags(body["tags"]);
  return {
    name: nameOf(call.id),
    id: `${requireLiveGroup(call.context, call.id).document.id}/providers/${type.type}/${nameOf(call.id)}`,
    location: checkLocation(body["location"], type.type),
    ...(tags && { tags }),
    identity: body["identity"],
    sku: body["sku"],
    body,
    properties: objectOf(body["properties"]),
  };
}

function write(type: TrackedType, call: Call, desired: Desired): ArmResponse {
  const { context } = call;
  const existing = context.documents.get(call.id);
  if (existing) {
    checkSameLocation(existing.document, desired);
    if (transitional(type, existing.document)) throw type.busy(existing);
  }

  const { properties, secrets, ...rest } = type.accept(desired, call, existing);
  refuseNotEmulated(type.type, desired.body, type.notEmulated ?? []);
  const document: ArmDocument = present({
    id: existing?.document.id ?? desired.id,
    name: existing?.document.name ?? desired.name,
    type: type.type,
    location: desired.location,
    tags: desired.tags,
    ...rest,
    properties,
    systemData: systemData(call, existing?.document.systemData),
  });
  const keptSecrets = secrets ?? existing?.secrets;
  const stored: StoredResource = { document, ...(keptSecrets && { secrets: keptSecrets }) };

  if (!type.apply) {
    properties["provisioningState"] = "Succeeded";
    context.documents.put(stored);
    return answer(existing ? 200 : 201, type.present(stored, call));
  }
  properties["provisioningState"] = existing ? type.states.updating : type.states.creating;
  const operation = context.operations.begin(document.id, "apply", call.request.principalId);
  context.documents.put({ ...stored, operationId: operation.id });
  runApply(type, operation, context);
  const status = call.request.method === "PATCH" ? 202 : existing ? 200 : 201;
  return answer(status, type.present(stored, call), links(call, operation, desired.location));
}

async function remove(type: TrackedType, call: Call): Promise<ArmResponse> {
  const { context } = call;
  const stored = context.documents.get(call.id);
  if (!stored) return answer(204);
  if (stateOf(stored.document) === type.states.deleting) return answer(202, undefined, linksOf(call, stored, context));
  if (transitional(type, stored.document)) throw type.busy(stored);
  type.checkRemove?.(stored, context);
  const operation = await removeTracked(type, stored, context, call.request.principalId);
  if (!operation) return answer(200);
  return answer(202, undefined, links(call, operation, stored.document.location ?? ""));
}

/** A second DELETE joins the first, as it does on Azure. */
function linksOf(call: Call, stored: StoredResource, context: Context): Record<string, string> {
  const operation = stored.operationId === undefined ? undefined : context.operations.get(stored.operationId);
  return operation ? links(call, operation, stored.document.location ?? "") : {};
}

/** A PUT's result is the resource itself, so only the status is linked; PATCH and DELETE have no such place. */
function links(call: Call, operation: Operation, location: string): Record<string, string> {
  const { location: result, ...headers } = operationHeaders(operation, location, call);
  return call.request.method === "PUT" ? headers : { ...headers, location: result! };
}

function checkSameLocation({ name, location, id }: ArmDocument, desired: Desired): void {
  if (normalizeLocation(location ?? "") === desired.location) return;
  throw new ArmError(
    "InvalidResourceLocation",
    `The resource '${name}' already exists in location '${location}' in resource group '${resourceGroupOf(id)}'. ` +
      `A resource with the same name cannot be created in location '${desired.location}'. Please select a new resource name.`,
    409,
  );
}

export function invalidContent(what: string): ArmError {
  return new ArmError("InvalidRequestContent", `The request content was invalid and could not be deserialized: '${what}'.`);
}
