import type { ArmDocument } from "../hosts.ts";
import { isEmpty, objectsOf, type JsonObject } from "../json.ts";
import { sameId } from "../resource-id.ts";
import { invalidParameter, invalidValue } from "./errors.ts";

/** The registries whose images need a credential, and the identity that pulls from each. */
export function acceptRegistries(registries: unknown, identity: ArmDocument["identity"]): JsonObject[] | undefined {
  const given = objectsOf(registries);
  if (given.length === 0) return undefined;
  const attached = Object.keys(identity?.userAssignedIdentities ?? {});
  return given.map(({ server, identity: puller, username, passwordSecretRef }) => {
    if (isEmpty(server)) throw invalidValue("registries.server", server, "A value must be the login server of a registry.");
    if (!isEmpty(username) && !isEmpty(passwordSecretRef)) return { server };
    if (isEmpty(puller)) throw invalidParameter(`The registry '${server}' must have an identity, or a username and a passwordSecretRef.`);
    if (!/^system/i.test(String(puller)) && !attached.some((id) => sameId(id, String(puller)))) {
      throw invalidParameter(`The identity '${puller}' of the registry '${server}' is not assigned to the container app.`);
    }
    return { server, identity: puller };
  });
}
