import { appsIn } from "../container-apps/lookup.ts";
import { ArmError } from "../errors.ts";
import type { ArmDocument } from "../hosts.ts";
import { objectOf, objectsOf } from "../json.ts";
import { requireProvisioned } from "../managed-environments/provisioned.ts";
import { parentIdOf } from "../resource-id.ts";
import type { ChildType, Context } from "../service.ts";
import { STORAGES } from "./constants.ts";
import { storageNotFound } from "./lookup.ts";
import { NOT_EMULATED } from "./not-emulated.ts";
import { acceptStorage, checkStorageName, type AzureFile } from "./validate.ts";

/** Shares that the apps of an environment may mount, by name. A share is made where it is mounted, not here. */
export const storages: ChildType = {
  type: STORAGES,
  notEmulated: NOT_EMULATED,
  // REST specification, ManagedEnvironmentsStorages: no PATCH, and 200 for every PUT.
  patchable: false,
  createdStatus: 200,

  accept({ name, properties, parent, existing }) {
    checkStorageName(name);
    requireProvisioned(parent);
    return { azureFile: acceptStorage(name, properties, existing?.properties["azureFile"] as AzureFile | undefined) };
  },

  checkRemove(document, context) {
    if (!isUsed(document, context)) return;
    throw new ArmError("ManagedEnvironmentStorageInUse", `Cannot delete Managed environment storage '${document.name}' because it's still in use.`, 409);
  },

  notFound: (name) => storageNotFound(name, 404),
};

/** By the template that an app has now: older revisions lose the storage, as they lose everything else. */
function isUsed({ id, name }: ArmDocument, context: Context): boolean {
  return appsIn(parentIdOf(id), context).some(({ properties }) => objectsOf(objectOf(properties["template"])["volumes"]).some(({ storageName }) => storageName === name));
}
