import type { Documents } from "../documents.ts";
import { ArmError } from "../errors.ts";
import type { ArmDocument } from "../hosts.ts";
import { isAbsent, isObject, objectOf, objectsOf, type JsonObject } from "../json.ts";
import { USER_ASSIGNED_IDENTITIES } from "../managed-identity/constants.ts";
import { sameId } from "../resource-id.ts";
import { DEFAULT_LIFECYCLE } from "./constants.ts";
import { invalidParameter, invalidSchema } from "./errors.ts";

type Identity = NonNullable<ArmDocument["identity"]>;

const LIFECYCLES = ["All", "Init", "Main", "None"];

/** The identities of an app, each with the ids of its service principal. */
export function acceptIdentity(identity: unknown, appId: string, documents: Documents): Identity {
  const { type, userAssignedIdentities } = objectOf(identity);
  const kinds = String(type ?? "None").toLowerCase().split(",").map((kind) => kind.trim());
  const ids = isObject(userAssignedIdentities) ? Object.keys(userAssignedIdentities) : [];
  if (!kinds.includes("userassigned")) {
    if (ids.length > 0) throw unexpectedFormat(appId, "a non-UserAssigned identity type should not contain: userAssignedIdentities");
    return { type: "None" };
  }
  if (ids.length === 0) throw unexpectedFormat(appId, "a UserAssigned identity type must contain: userAssignedIdentities");
  const given = objectOf(userAssignedIdentities);
  return { type: "UserAssigned", userAssignedIdentities: Object.fromEntries(ids.map((id) => [id, resolve(id, given[id], appId, documents)])) };
}

function resolve(id: string, value: unknown, appId: string, documents: Documents): { principalId: string; clientId: string } {
  const known = ["principalId", "clientId"];
  if (!isAbsent(value) && !(isObject(value) && Object.keys(value).every((name) => known.includes(name)))) {
    throw new ArmError(
      "InvalidIdentityValues",
      `Invalid value for the identities '${id}'. The 'UserAssignedIdentities' property keys should only be empty json objects, null or the resource exisiting property.`,
    );
  }
  const document = documents.get(id)?.document;
  if (!document || document.type !== USER_ASSIGNED_IDENTITIES) throw failed(appId, `Resource '${id}' was not found.`);
  const { principalId, clientId } = document.properties;
  return { principalId: String(principalId), clientId: String(clientId) };
}

/** Which identities the app's own code can use. */
export function acceptIdentitySettings(settings: unknown, identity: Identity): JsonObject[] {
  const attached = Object.keys(identity.userAssignedIdentities ?? {});
  return objectsOf(settings).map(({ identity: id, lifecycle }) => {
    const known = LIFECYCLES.find((each) => each.toLowerCase() === String(lifecycle ?? DEFAULT_LIFECYCLE).toLowerCase());
    if (!known) throw invalidSchema("$.properties.configuration.identitySettings.lifecycle");
    if (!attached.some((each) => sameId(each, String(id)))) {
      throw invalidParameter(`The identity '${id ?? ""}' of identitySettings is not assigned to the container app.`);
    }
    return { identity: String(id), lifecycle: known };
  });
}

const unexpectedFormat = (appId: string, what: string) => failed(appId, `The request format was unexpected, ${what}`);

function failed(appId: string, message: string): ArmError {
  const response = JSON.stringify({ error: { code: "BadRequest", message } });
  return new ArmError(
    "FailedIdentityOperation",
    `Identity operation for resource '${appId}' failed with error 'Failed to perform resource identity operation. Status: 'BadRequest'. Response: '${response}'.'.`,
  );
}
