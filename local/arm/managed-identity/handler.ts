import { randomUUID } from "node:crypto";
import { ArmError } from "../errors.ts";
import type { TrackedType } from "../service.ts";
import { USER_ASSIGNED_IDENTITIES } from "./constants.ts";
import { checkIdentityName } from "./validate.ts";

/** A managed identity is a service principal of the directory: made with it, gone with it, and another one when made again. */
export const userAssignedIdentities: TrackedType = {
  type: USER_ASSIGNED_IDENTITIES,
  states: { creating: "Creating", updating: "Updating", deleting: "Deleting" },

  accept({ name, id }, { context }, existing) {
    checkIdentityName(name);
    if (existing) {
      const { tenantId, principalId, clientId } = existing.document.properties;
      return { properties: { tenantId, principalId, clientId } };
    }
    const [principalId, clientId] = [randomUUID(), randomUUID()];
    context.principals.add({ principalId, clientId, type: "ServicePrincipal", displayName: name, resourceId: id });
    return { properties: { tenantId: context.tenantId, principalId, clientId } };
  },

  present({ document }) {
    const { provisioningState: _internal, ...properties } = document.properties;
    return { ...document, properties };
  },

  async remove({ document }, { principals }) {
    principals.remove(String(document.properties["principalId"]));
  },

  busy: ({ document }) => new ArmError("Conflict", `Another operation is in progress on '${document.name}'.`, 409),
};
