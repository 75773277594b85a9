import { forgetChild } from "./child-operations.ts";
import { ArmError } from "./errors.ts";
import type { ArmDocument } from "./hosts.ts";
import { isAbsent, isObject, mergePatch, objectOf, type JsonObject } from "./json.ts";
import { answer, type ArmResponse } from "./request.ts";
import { refuseNotEmulated } from "./not-emulated.ts";
import { nameOf } from "./resource-id.ts";
import type { Call, ChildType, Endpoints, TrackedType } from "./service.ts";
import { transitional } from "./states.ts";
import { systemData } from "./system-data.ts";
import { findTracked, invalidContent } from "./tracked-resource.ts";

/** PUT, PATCH (unless the type has none), GET, DELETE and the list of a type below `parent`. */
export function childEndpoints(parent: TrackedType, type: ChildType): Endpoints {
  return {
    type: type.type,
    item: {
      GET: { action: `${type.type}/read`, handle: (call) => answer(200, findChild(parent, type, call)) },
      PUT: { action: `${type.type}/write`, handle: (call) => write(parent, type, call, bodyOf(call)) },
      ...(type.patchable !== false && {
        PATCH: { action: `${type.type}/write`, handle: (call: Call) => write(parent, type, call, objectOf(mergePatch(findChild(parent, type, call), bodyOf(call)))) },
      }),
      DELETE: { action: `${type.type}/delete`, handle: (call) => remove(parent, type, call) },
    },
    collection: {
      GET: {
        action: `${type.type}/read`,
        handle: (call) => answer(200, { value: call.context.documents.within(findTracked(parent, call).document.id, type.type).map(({ document }) => document) }),
      },
    },
  };
}

function findChild(parent: TrackedType, type: ChildType, call: Call): ArmDocument {
  const { document } = findTracked(parent, call);
  const stored = call.context.documents.get(call.id);
  if (stored) return stored.document;
  if (type.notFound) throw type.notFound(nameOf(call.id));
  const path = call.target.types.map((each, index) => `${each}/${call.target.names[index]}`).join("/");
  throw new ArmError("ResourceNotFound", `The Resource '${call.target.namespace}/${path}' of '${document.id}' was not found.`, 404);
}

function bodyOf({ request }: Call): JsonObject {
  if (!isObject(request.body)) throw invalidContent("the body must be a JSON object");
  return request.body;
}

function write(parent: TrackedType, type: ChildType, call: Call, body: JsonObject): ArmResponse {
  const { context } = call;
  const owner = findTracked(parent, call);
  if (transitional(parent, owner.document)) throw parent.busy(owner);
  if (!isAbsent(body["properties"]) && !isObject(body["properties"])) throw invalidContent("'properties' must be an object");
  const existing = context.documents.get(call.id)?.document;
  const name = existing?.name ?? nameOf(call.id);
  // Asked first: the rules below are those of the kinds that there are here.
  refuseNotEmulated(type.type, body, type.notEmulated);
  const document: ArmDocument = {
    id: existing?.id ?? `${owner.document.id}/${nameOf(type.type)}/${name}`,
    name,
    type: type.type,
    properties: type.accept({ name, properties: objectOf(body["properties"]), parent: owner.document, existing }, call),
    systemData: systemData(call, existing?.systemData),
  };
  context.documents.put({ document });
  type.apply?.(document, context);
  return answer(existing ? 200 : (type.createdStatus ?? 201), document);
}

function remove(parent: TrackedType, type: ChildType, call: Call): ArmResponse {
  const { context } = call;
  const stored = context.documents.get(call.id);
  const owner = findTracked(parent, call);
  if (!stored) return answer(204);
  if (transitional(parent, owner.document)) throw parent.busy(owner);
  type.checkRemove?.(stored.document, context);
  forgetChild(type, stored.document, context);
  return answer(200);
}
