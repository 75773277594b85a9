import * as pulumi from "@pulumi/pulumi";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import { FIXED_NAME } from "./fixed-name.ts";
import { platformNames, tagsOf } from "./naming.ts";
import { PullIdentity } from "./pull-identity.ts";
import type { Existing, RegistryPermissions } from "./settings.ts";
import type { StorageSettings } from "./storage-settings.ts";
import { ToolEnvironment } from "./tool-environment.ts";
import { ToolRegistry } from "./tool-registry.ts";
import { ToolStorages } from "./tool-storages.ts";

export interface ToolPlatformArgs {
  /** Azure region of everything that is made. A change replaces all of it. */
  location: string;
  /** 1 to 90 characters. A change replaces all of it. */
  resourceGroupName: string;
  /** Basic, Standard or Premium. @default "Basic" */
  registrySku?: string;
  /** Which roles pull and push; `abac` only with an existing registry. @default "legacy" */
  registryPermissions?: RegistryPermissions;
  /** Ids of a registry, environment or identity to use instead of making one. */
  existing?: Existing;
  /** Days that logs are kept, 30 to 730. @default 30 */
  logRetentionDays?: number;
  /** Seconds after which a new role assignment is known everywhere, 0 to 900; apps wait for it. @default 120 */
  rolePropagationSeconds?: number;
  /** Shares of Azure Files that tools may mount, by name. @default none */
  storages?: Record<string, StorageSettings>;
}

/** What a tool needs of the platform, whether this stack makes it or another does. Without secrets: it is a stack output. */
export interface Platform {
  /** Region of the environment, and so of the apps. */
  location: pulumi.Input<string>;
  /** Where the apps are. */
  resourceGroupName: pulumi.Input<string>;
  registryId: pulumi.Input<string>;
  loginServer: pulumi.Input<string>;
  registryPermissions: pulumi.Input<RegistryPermissions>;
  environmentId: pulumi.Input<string>;
  defaultDomain: pulumi.Input<string>;
  identityId: pulumi.Input<string>;
  /** Azure's names of the storages that tools may mount, by the names that tools know them by. */
  storages: pulumi.Input<Record<string, string>>;
}

/** Everything that tools share: resource group, registry, environment, and the identity that pulls. */
export class ToolPlatform extends pulumi.ComponentResource {
  readonly platform: { [Field in keyof Platform]: pulumi.Output<pulumi.Unwrap<Platform[Field]>> };
  /** The same for apps: its identity is known once it can pull. */
  readonly platformForApps: Platform;
  /** What an app has to wait for beyond the ids that it refers to: the right to pull. */
  readonly readiness: pulumi.Resource[];

  constructor(name: string, args: ToolPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("toolwharf:index:ToolPlatform", name, {}, opts);
    const { location, existing = {}, registryPermissions = "legacy" } = args;
    const names = platformNames(pulumi.getStack(), location);
    const tags = tagsOf(pulumi.getStack());
    const group = new ResourceGroup(`${name}-group`, { resourceGroupName: args.resourceGroupName, location, tags }, { parent: this, ...FIXED_NAME });
    const common = { resourceGroupName: group.name, location, tags };

    const registry = new ToolRegistry(name, { ...common, existingId: existing.registryId, namePrefix: names.registryPrefix, sku: args.registrySku }, { parent: this });
    const identity = new PullIdentity(
      name,
      {
        ...common,
        existingId: existing.identityId,
        identityName: names.identity,
        registryId: registry.registryId,
        registryPermissions,
        rolePropagationSeconds: args.rolePropagationSeconds,
        assignRole: existing.identityId === undefined || existing.registryId === undefined,
      },
      { parent: this },
    );
    const environment = new ToolEnvironment(
      name,
      { ...common, existingId: existing.environmentId, environmentName: names.environment, workspaceName: names.workspace, logRetentionDays: args.logRetentionDays },
      { parent: this },
    );

    const { storages = {} } = args;
    const declared = Object.keys(storages).length > 0 && new ToolStorages(name, { environmentId: environment.environmentId, storages }, { parent: this });

    this.readiness = identity.assignments;
    this.platform = {
      location: environment.location,
      resourceGroupName: group.name,
      registryId: registry.registryId,
      loginServer: registry.loginServer,
      registryPermissions: pulumi.output(registryPermissions),
      environmentId: environment.environmentId,
      defaultDomain: environment.defaultDomain,
      identityId: identity.identityId,
      storages: declared ? declared.names : pulumi.output<Record<string, string>>({}),
    };
    this.platformForApps = { ...this.platform, identityId: identity.pullingIdentityId };
    this.registerOutputs(this.platform);
  }
}
