import { createOnly, map, object, readOnly, required, string, stringSet } from "../schema.ts";
import type { PathParameter, Properties } from "../schema.ts";

/** Azure Resource Manager, common types: `ResourceGroupNameParameter`. */
export const resourceGroupName: PathParameter = { minLength: 1, maxLength: 90 };

/** What every resource answers about itself. */
export const identification: Properties = {
  name: string({ readOnly }),
  type: string({ readOnly }),
};

export const systemData = object(
  {
    createdAt: string(),
    createdBy: string(),
    createdByType: string(),
    lastModifiedAt: string(),
    lastModifiedBy: string(),
    lastModifiedByType: string(),
  },
  { readOnly },
);

/** Azure Resource Manager, common types: `TrackedResource`. */
export const trackedResource: Properties = {
  ...identification,
  systemData,
  location: string({ required, createOnly }),
  tags: map(string()),
};

/** Azure Resource Manager, common types: `ManagedServiceIdentity`. */
export const managedServiceIdentity = object({
  type: string({ required }),
  principalId: string({ readOnly }),
  tenantId: string({ readOnly }),
  userAssignedIdentities: stringSet(object({ clientId: string({ readOnly }), principalId: string({ readOnly }) })),
});
