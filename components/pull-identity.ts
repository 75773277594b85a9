import * as pulumi from "@pulumi/pulumi";
import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import { getUserAssignedIdentityOutput } from "@pulumi/azure-native/managedidentity/getUserAssignedIdentity.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import { systemClock } from "../azure/clock.ts";
import type { Clock } from "../azure/clock.ts";
import { parseResourceId } from "../azure/resource-id.ts";
import { explainRefusedAssignment } from "./assignment-refusal.ts";
import { FIXED_NAME } from "./fixed-name.ts";
import { roleAssignmentName } from "./naming.ts";
import { untilKnownEverywhere } from "./role-propagation.ts";
import { REGISTRY_ROLES, roleDefinitionId } from "./roles.ts";
import type { RegistryPermissions } from "./settings.ts";

export interface PullIdentityArgs {
  /** Id of an identity to use instead of making one. It must be in the provider's subscription. */
  existingId?: string;
  /** Where the identity is made. A change replaces it. */
  resourceGroupName?: pulumi.Input<string>;
  /** Azure region. A change replaces the identity. */
  location?: pulumi.Input<string>;
  /** 3 to 128 letters, digits, hyphens and underscores. A change replaces the identity. */
  identityName?: string;
  /** Id of the registry that it pulls from. A change replaces the role assignment. */
  registryId: pulumi.Input<string>;
  /** Decides which role pulls. A change replaces the role assignment. @default "legacy" */
  registryPermissions?: RegistryPermissions;
  /**
   * Whether the role is assigned here. False for an existing identity on an existing registry, whose role is its
   * owner's to give: assigning one takes more rights than using them. @default true
   */
  assignRole?: boolean;
  /** Seconds after which a role that was assigned here is known everywhere, 0 to 900. @default 120 */
  rolePropagationSeconds?: number;
  tags?: Record<string, string>;
  /** @default the system's */
  clock?: Clock;
}

/** The identity that pulls images, and its right to do so. Tools cannot use it: it is attached with lifecycle `None`. */
export class PullIdentity extends pulumi.ComponentResource {
  readonly identityId: pulumi.Output<string>;
  /** The same id, known once the role can be used: for apps, whose first act is to pull. In a preview it is known at once. */
  readonly pullingIdentityId: pulumi.Output<string>;
  /** To wait for before anything pulls; empty when the role is not assigned here. */
  readonly assignments: RoleAssignment[];

  constructor(name: string, args: PullIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("toolwharf:index:PullIdentity", name, {}, opts);
    const { identityId, principalId } = args.existingId === undefined ? this.#make(name, args) : this.#find(args.existingId, args.assignRole);
    this.identityId = identityId;
    this.assignments = principalId ? [this.#assign(name, principalId, args)] : [];
    this.pullingIdentityId = this.#onceKnownEverywhere(args);
    this.registerOutputs({ identityId: this.identityId });
  }

  #make(name: string, { resourceGroupName, location, identityName, tags, assignRole = true }: PullIdentityArgs) {
    const identity = new UserAssignedIdentity(`${name}-identity`, { resourceName: identityName, resourceGroupName: resourceGroupName!, location, tags }, { parent: this, ...FIXED_NAME });
    return { identityId: identity.id as pulumi.Output<string>, principalId: assignRole ? identity.principalId : undefined };
  }

  #find(existingId: string, assignRole = true) {
    const { name: resourceName, resourceGroupName } = parseResourceId(existingId)!;
    const found = assignRole ? getUserAssignedIdentityOutput({ resourceName, resourceGroupName }, { parent: this }).principalId : undefined;
    return { identityId: pulumi.output(existingId), principalId: found };
  }

  #onceKnownEverywhere({ rolePropagationSeconds: seconds = 120, clock = systemClock }: PullIdentityArgs): pulumi.Output<string> {
    const [assignment] = this.assignments;
    if (!assignment || pulumi.runtime.isDryRun()) return this.identityId;
    const say = (left: number) => void pulumi.log.info(`waiting ${left} s until the role that pulls images is known everywhere (toolwharf:rolePropagationSeconds)`, this);
    return pulumi.all([this.identityId, assignment.createdOn]).apply(async ([id, createdOn]) => {
      await untilKnownEverywhere(createdOn, { seconds, clock, say });
      return id;
    });
  }

  #assign(name: string, principalId: pulumi.Output<string>, { registryId, registryPermissions = "legacy" }: PullIdentityArgs): RoleAssignment {
    const scope = pulumi.output(registryId);
    const definition = scope.apply((id) => roleDefinitionId(id, REGISTRY_ROLES[registryPermissions].pull));
    return new RoleAssignment(
      `${name}-pull`,
      {
        roleAssignmentName: pulumi.all([scope, principalId, definition]).apply((parts) => roleAssignmentName(...parts)),
        scope,
        principalId,
        // The SDK's default, "User", is refused for an identity (UnmatchedPrincipalType).
        principalType: "ServicePrincipal",
        roleDefinitionId: definition,
      },
      { parent: this, ...FIXED_NAME, hooks: { onError: [explainRefusedAssignment()] } },
    );
  }
}
