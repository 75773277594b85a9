import { CONTAINER_APPS } from "../container-apps/constants.ts";
import type { StoredResource } from "../documents.ts";
import { ArmError } from "../errors.ts";
import { isObject, objectOf, objectsOf } from "../json.ts";
import { managedEnvironments } from "../managed-environments/handler.ts";
import { answer, type ArmResponse } from "../request.ts";
import { nameOf, sameId } from "../resource-id.ts";
import type { Call, Context, Endpoints } from "../service.ts";
import { stateOf } from "../states.ts";
import { systemData } from "../system-data.ts";
import { findTracked, invalidContent } from "../tracked-resource.ts";
import { STORAGES } from "./constants.ts";
import { storageNotFound } from "./lookup.ts";
import { acceptStorage, checkStorageName, type AzureFile } from "./validate.ts";

/** Shares that the apps of an environment may mount, by name. None of it is long-running (REST specification). */
export const storageEndpoints: Endpoints = {
  type: STORAGES,
  item: {
    GET: { action: `${STORAGES}/read`, handle: (call) => answer(200, find(call).document) },
    PUT: { action: `${STORAGES}/write`, handle: put },
    DELETE: { action: `${STORAGES}/delete`, handle: remove },
  },
  collection: { GET: { action: `${STORAGES}/read`, handle: list } },
};

const environmentOf = (call: Call) => findTracked(managedEnvironments, call, 1).document;

function find(call: Call): StoredResource {
  environmentOf(call);
  const stored = call.context.documents.get(call.id);
  if (!stored) throw storageNotFound(nameOf(call.id), 404);
  return stored;
}

function put(call: Call): ArmResponse {
  const { context, request } = call;
  const environment = environmentOf(call);
  if (!isObject(request.body)) throw invalidContent("the body must be a JSON object");
  const existing = context.documents.get(call.id)?.document;
  const name = existing?.name ?? nameOf(call.id);
  checkStorageName(name);
  if (stateOf(environment) !== "Succeeded") {
    throw new ArmError("ManagedEnvironmentNotProvisioned", `The environment '${environment.id}' has not been provisioned successfully.`);
  }
  const azureFile = acceptStorage(name, objectOf(request.body["properties"]), existing?.properties["azureFile"] as AzureFile | undefined);
  const document = { id: `${environment.id}/storages/${name}`, name, type: STORAGES, properties: { azureFile }, systemData: systemData(call, existing?.systemData) };
  context.documents.put({ document });
  return answer(200, document);
}

function remove(call: Call): ArmResponse {
  const environment = environmentOf(call);
  const stored = call.context.documents.get(call.id);
  if (!stored) return answer(204);
  const { name } = stored.document;
  if (isUsed(name, environment.id, call.context)) {
    throw new ArmError("ManagedEnvironmentStorageInUse", `Cannot delete Managed environment storage '${name}' because it's still in use.`, 409);
  }
  call.context.documents.delete(call.id);
  return answer(200);
}

function list(call: Call): ArmResponse {
  const environment = environmentOf(call);
  return answer(200, { value: call.context.documents.within(environment.id, STORAGES).map(({ document }) => document) });
}

/** By the template that an app has now: older revisions lose the storage, as they lose everything else. */
function isUsed(name: string, environmentId: string, { documents, subscriptionId }: Context): boolean {
  const apps = documents.within(`/subscriptions/${subscriptionId}`, CONTAINER_APPS).map(({ document }) => document.properties);
  return apps
    .filter((app) => sameId(String(app["environmentId"]), environmentId))
    .some((app) => objectsOf(objectOf(app["template"])["volumes"]).some(({ storageName }) => storageName === name));
}
