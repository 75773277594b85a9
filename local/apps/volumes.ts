import type { ArmDocument } from "../arm/hosts.ts";
import { storageNotFound } from "../arm/managed-environment-storages/lookup.ts";
import type { AzureFile } from "../arm/managed-environment-storages/validate.ts";
import { LABELS } from "../labels.ts";
import type { VolumeSpec } from "./engine.ts";
import { replicaVolumeName, shareVolumeName } from "./names.ts";
import { environmentIdOf, propertiesOf, type Plan } from "./template.ts";

/** Which share is behind a storage of an environment; undefined when there is no such storage. */
export type ShareOf = (environmentId: string, storageName: string) => AzureFile | undefined;

/**
 * The volumes of one replica's container. A share's is one for the whole miniature and outlives everything that mounts it; those of
 * an EmptyDir and of secrets are the replica's own, and live as long, over restarts of its container too.
 * @throws ArmError when a storage is not there any more
 */
export function volumeSpecs(options: { instance: string; app: ArmDocument; plan: Plan; revision: string; replica: string; shareOf: ShareOf }): VolumeSpec[] {
  const { instance, app, plan, revision, replica, shareOf } = options;
  return plan.volumes.map(({ name, storageType, storageName = "", secrets, paths }): VolumeSpec => {
    if (storageType === "AzureFile") {
      const file = shareOf(environmentIdOf(app), storageName);
      if (!file) throw storageNotFound(storageName);
      return {
        name: shareVolumeName(instance, file.accountName, file.shareName),
        labels: { [LABELS.share]: `${file.accountName}/${file.shareName}` },
        paths,
        readOnly: file.accessMode === "ReadOnly",
      };
    }
    const own = { name: replicaVolumeName(instance, replica, name), labels: { [LABELS.app]: app.id, [LABELS.revision]: revision, [LABELS.replica]: replica }, paths };
    return storageType === "Secret" ? { ...own, readOnly: true, files: secretFiles(app, secrets) } : { ...own, readOnly: false };
  });
}

/** Path in the volume to value. Without a list: every secret of the app, under its name (API reference, Volume). */
function secretFiles(app: ArmDocument, listed: Array<{ secretRef: string; path?: string }> | undefined): Record<string, string> {
  const secrets = propertiesOf(app).configuration?.secrets ?? [];
  const values = new Map(secrets.map(({ name, value }) => [name, value ?? ""]));
  const wanted = listed?.length ? listed : secrets.map(({ name }) => ({ secretRef: name, path: undefined }));
  return Object.fromEntries(wanted.map(({ secretRef, path }) => [path || secretRef, values.get(secretRef) ?? ""]));
}
