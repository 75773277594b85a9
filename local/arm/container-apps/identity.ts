import type { Documents } from "../documents.ts";
import { ArmError, notEmulated } from "../errors.ts";
import type { ArmDocument } from "../hosts.ts";
import { isAbsent, isEmpty, isObject, objectOf, objectsOf, type JsonObject } from "../json.ts";
import { USER_ASSIGNED_IDENTITIES } from "../managed-identity/constants.ts";
import { sameId } from "../resource-id.ts";
import { invalidParameter, invalidSchema } from "./errors.ts";

type Identity = NonNullable<ArmDocument["identity"]>;

const LIFECYCLES = ["All", "Init", "Main", "None"];
const NOT_IN_CONTAINERS = "None";

/** The identities of an app, each with the ids of its service principal. */
export function acceptIdentity(identity: unknown, appId: string, documents: Documents): Identity {
  const { type, userAssignedIdentities } = objectOf(identity);
  const kinds = String(type ?? "None").toLowerCase().split(",").map((kind) => kind.trim());
  if (kinds.includes("systemassigned")) {
    throw notEmulated("system-assigned identities (identity.type: SystemAssigned)", "Use a user-assigned identity.");
  }
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

/**
 * Which identities the app's own code can use. The miniature has no token endpoint in containers, and a tool must never
 * find the identity that pulls its image there, so every attached identity has to say that it stays outside.
 */
export function acceptIdentitySettings(settings: unknown, identity: Identity): JsonObject[] {
  const attached = Object.keys(identity.userAssignedIdentities ?? {});
  const given = objectsOf(settings).map(({ identity: id, lifecycle }) => {
    const known = LIFECYCLES.find((each) => each.toLowerCase() === String(lifecycle ?? "All").toLowerCase());
    if (!known) throw invalidSchema("$.properties.configuration.identitySettings.lifecycle");
    if (!attached.some((each) => sameId(each, String(id)))) {
      throw invalidParameter(`The identity '${id ?? ""}' of identitySettings is not assigned to the container app.`);
    }
    return { identity: String(id), lifecycle: known };
  });
  for (const id of attached) {
    const lifecycle = given.find((each) => sameId(each.identity, id))?.lifecycle ?? "All";
    if (lifecycle === NOT_IN_CONTAINERS) continue;
    throw notEmulated(
      `identities inside containers: '${id}' has the lifecycle '${lifecycle}'${isEmpty(given) ? ", Azure's default" : ""}`,
      `Set configuration.identitySettings to { "identity": "${id}", "lifecycle": "None" }.`,
    );
  }
  return given;
}

const unexpectedFormat = (appId: string, what: string) => failed(appId, `The request format was unexpected, ${what}`);

function failed(appId: string, message: string): ArmError {
  const response = JSON.stringify({ error: { code: "BadRequest", message } });
  return new ArmError(
    "FailedIdentityOperation",
    `Identity operation for resource '${appId}' failed with error 'Failed to perform resource identity operation. Status: 'BadRequest'. Response: '${response}'.'.`,
  );
}
