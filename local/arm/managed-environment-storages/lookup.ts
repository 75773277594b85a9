import type { Documents } from "../documents.ts";
import { ArmError } from "../errors.ts";
import type { AzureFile } from "./validate.ts";

/** The share behind a storage of an environment; undefined when there is no such storage. */
export function azureFileOf(documents: Documents, environmentId: string, storageName: string): AzureFile | undefined {
  const stored = documents.get(`${environmentId}/storages/${storageName}`);
  return stored && (stored.document.properties["azureFile"] as AzureFile);
}

/** Azure's refusal wherever a storage is named that is not there. */
export function storageNotFound(name: string, status?: number): ArmError {
  return new ArmError("ManagedEnvironmentStorageNotFound", `ManagedEnvironment Storage '${name}' was not found.`, status);
}
