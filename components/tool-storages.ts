import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { ManagedEnvironmentsStorage } from "@pulumi/azure-native/app/managedEnvironmentsStorage.js";
import { parseResourceId } from "../azure/resource-id.ts";
import { FIXED_NAME } from "./fixed-name.ts";
import { retryWhatWasRefused } from "./refusals.ts";
import type { StorageSettings } from "./storage-settings.ts";

export interface ToolStoragesArgs {
  /** The environment whose apps may mount them. A change replaces all of them. */
  environmentId: pulumi.Input<string>;
  /** By the name that tools know them by. */
  storages: Record<string, StorageSettings>;
}

/** Shares of Azure Files as storages of an environment. The shares themselves are there already, and stay. */
export class ToolStorages extends pulumi.ComponentResource {
  /** Azure's names, by the names that tools know them by. */
  readonly names: pulumi.Output<Record<string, string>>;

  constructor(name: string, { environmentId, storages }: ToolStoragesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("toolwharf:index:ToolStorages", name, {}, opts);
    const environment = pulumi.output(environmentId).apply((id) => parseResourceId(id)!);
    const made = Object.entries(storages).map(([known, storage]) => {
      const storageName = azureName(known, storage);
      const resource = new ManagedEnvironmentsStorage(
        `${name}-storage-${storageName}`,
        {
          storageName,
          environmentName: environment.name,
          resourceGroupName: environment.resourceGroupName,
          properties: { azureFile: storage },
        },
        { parent: this, ...FIXED_NAME, hooks: { onError: [retryWhatWasRefused()] } },
      );
      return [known, resource.name] as const;
    });
    this.names = pulumi.output(Object.fromEntries(made));
    this.registerOutputs({ names: this.names });
  }
}

/**
 * `<name>-<6 hex>` of what Azure lets nobody change (`ManagedEnvironmentStorageUpdateBadRequest`), so that another share is another
 * storage: it is there before the apps move to it, and the old one goes after they have.
 */
export function azureName(name: string, { accountName, shareName, accessMode }: Omit<StorageSettings, "accountKey">): string {
  return `${name}-${createHash("sha256").update([accountName, shareName, accessMode].join("\n")).digest("hex").slice(0, 6)}`;
}
