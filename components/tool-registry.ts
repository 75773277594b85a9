import * as pulumi from "@pulumi/pulumi";
import { getRegistryOutput } from "@pulumi/azure-native/containerregistry/getRegistry.js";
import { Registry } from "@pulumi/azure-native/containerregistry/registry.js";
import { RandomString } from "@pulumi/random/randomString.js";
import { parseResourceId } from "../azure/resource-id.ts";
import { FIXED_NAME } from "./fixed-name.ts";

export interface ToolRegistryArgs {
  /** Id of a registry to use instead of making one; the other fields are then without effect. It must be in the provider's subscription and is read, never changed. */
  existingId?: string;
  /** Where the registry is made. A change replaces it, and with it every image. */
  resourceGroupName?: pulumi.Input<string>;
  /** Azure region. A change replaces the registry. */
  location?: pulumi.Input<string>;
  /** What its name starts with: up to 42 lower-case letters and digits; 8 random ones follow, as the name is unique in the world. A change replaces it. */
  namePrefix?: string;
  /** Basic, Standard or Premium. @default "Basic" */
  sku?: string;
  tags?: Record<string, string>;
}

/** The registry of a platform, without an admin user: everybody who pushes or pulls does so as themselves. */
export class ToolRegistry extends pulumi.ComponentResource {
  readonly registryId: pulumi.Output<string>;
  /** As Azure says it, never made from the name: it may have a hash in it. */
  readonly loginServer: pulumi.Output<string>;

  constructor(name: string, args: ToolRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("toolwharf:index:ToolRegistry", name, {}, opts);
    if (args.existingId !== undefined) {
      const { name: registryName, resourceGroupName } = parseResourceId(args.existingId)!;
      this.registryId = pulumi.output(args.existingId);
      this.loginServer = getRegistryOutput({ registryName, resourceGroupName }, { parent: this }).loginServer;
    } else {
      const suffix = new RandomString(`${name}-suffix`, { length: 8, special: false, upper: false }, { parent: this });
      const registry = new Registry(
        `${name}-registry`,
        {
          registryName: pulumi.interpolate`${args.namePrefix}${suffix.result}`,
          resourceGroupName: args.resourceGroupName!,
          location: args.location,
          sku: { name: args.sku ?? "Basic" },
          adminUserEnabled: false,
          tags: args.tags,
        },
        { parent: this, ...FIXED_NAME },
      );
      this.registryId = registry.id;
      this.loginServer = registry.loginServer;
    }
    this.registerOutputs({ registryId: this.registryId, loginServer: this.loginServer });
  }
}
