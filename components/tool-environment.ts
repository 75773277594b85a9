import * as pulumi from "@pulumi/pulumi";
import { getManagedEnvironmentOutput } from "@pulumi/azure-native/app/getManagedEnvironment.js";
import { ManagedEnvironment } from "@pulumi/azure-native/app/managedEnvironment.js";
import { getSharedKeys } from "@pulumi/azure-native/operationalinsights/getSharedKeys.js";
import { Workspace } from "@pulumi/azure-native/operationalinsights/workspace.js";
import { parseResourceId } from "../azure/resource-id.ts";
import { Failure, isConsequence } from "./failure.ts";
import { FIXED_NAME } from "./fixed-name.ts";
import { retryWhatWasRefused } from "./refusals.ts";

/** The profile every environment of type "workload profiles" has, and the one that apps run on. */
export const CONSUMPTION = "Consumption";

export interface ToolEnvironmentArgs {
  /** Id of an environment to use instead of making one; the other fields are then without effect. It must be in the provider's subscription, have the Consumption workload profile, and is read, never changed. */
  existingId?: string;
  /** Where environment and workspace are made. A change replaces them, and with them every endpoint. */
  resourceGroupName?: pulumi.Input<string>;
  /** Azure region; the apps are in it too. A change replaces the environment. */
  location?: pulumi.Input<string>;
  /** 1 to 60 letters, digits and hyphens, starting with a letter. A change replaces it. */
  environmentName?: string;
  /** 4 to 63 letters, digits and hyphens. A change replaces the workspace. */
  workspaceName?: string;
  /** Days that logs are kept, 30 to 730. @default 30 */
  logRetentionDays?: number;
  tags?: Record<string, string>;
}

/** Where tools run: a managed environment with the Consumption profile, and the workspace that its logs go to. */
export class ToolEnvironment extends pulumi.ComponentResource {
  readonly environmentId: pulumi.Output<string>;
  /** What the names of all endpoints end with. */
  readonly defaultDomain: pulumi.Output<string>;
  readonly location: pulumi.Output<string>;

  constructor(name: string, args: ToolEnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("toolwharf:index:ToolEnvironment", name, {}, opts);
    if (args.existingId !== undefined) {
      const { name: environmentName, resourceGroupName } = parseResourceId(args.existingId)!;
      const found = getManagedEnvironmentOutput({ environmentName, resourceGroupName }, { parent: this });
      this.environmentId = pulumi.output(args.existingId);
      this.defaultDomain = found.defaultDomain;
      this.location = found.location;
    } else {
      const environment = this.#make(name, args);
      this.environmentId = environment.id;
      this.defaultDomain = environment.defaultDomain;
      this.location = environment.location;
    }
    this.registerOutputs({ environmentId: this.environmentId, defaultDomain: this.defaultDomain, location: this.location });
  }

  #make(name: string, { resourceGroupName, location, environmentName, workspaceName, logRetentionDays = 30, tags }: ToolEnvironmentArgs): ManagedEnvironment {
    const workspace = new Workspace(
      `${name}-logs`,
      { workspaceName, resourceGroupName: resourceGroupName!, location, sku: { name: "PerGB2018" }, retentionInDays: logRetentionDays, tags },
      { parent: this, ...FIXED_NAME },
    );
    // Asked with plain values: with outputs the SDK prints a stack when the workspace failed. The id is known once there is a workspace to ask.
    const made = pulumi.all([workspace.id, resourceGroupName!, workspace.name]);
    const keys = pulumi.recover(made.apply(([, group, workspaceName]) => getSharedKeys({ resourceGroupName: group, workspaceName }, { parent: this })), keyRefused);
    return new ManagedEnvironment(
      `${name}-environment`,
      {
        environmentName,
        resourceGroupName: resourceGroupName!,
        location,
        // Sent with every update: Azure refuses one without the key ("LogAnalyticsConfiguration is invalid").
        appLogsConfiguration: {
          destination: "log-analytics",
          logAnalyticsConfiguration: { customerId: workspace.customerId, sharedKey: pulumi.secret(keys.apply(({ primarySharedKey }) => primarySharedKey!)) },
        },
        workloadProfiles: [{ name: CONSUMPTION, workloadProfileType: CONSUMPTION }],
        tags,
      },
      { parent: this, ...FIXED_NAME, hooks: { onError: [retryWhatWasRefused()] } },
    );
  }
}

function keyRefused(error: Error): never {
  if (isConsequence(error)) throw error;
  throw new Failure("WORKSPACE_KEY_REFUSED", `the key of the log workspace could not be read: ${error.message.split("\n")[0]}`, {
    needed: 'the right Microsoft.OperationalInsights/workspaces/sharedKeys/action, which the role "Contributor" has, for whoever runs this',
    next: "get the role, or use an environment that is there (toolwharf:existing.environmentId), then run the same command again",
  });
}
