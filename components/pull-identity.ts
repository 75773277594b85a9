import * as pulumi from "@pulumi/pulumi";
import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import { getUserAssignedIdentityOutput } from "@pulumi/azure-native/managedidentity/getUserAssignedIdentity.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import { parseResourceId } from "../azure/resource-id.ts";
import { roleAssignmentName } from "./naming.ts";
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
  tags?: Record<string, string>;
}

/** The identity that pulls images, and its right to do so. Tools cannot use it: it is attached with lifecycle `None`. */
export class PullIdentity extends pulumi.ComponentResource {
  readonly identityId: pulumi.Output<string>;
  /** To wait for before anything pulls; empty when the role is not assigned here. */
  readonly assignments: RoleAssignment[];

  constructor(name: string, args: PullIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("toolwharf:index:PullIdentity", name, {}, opts);
    const { identityId, principalId } = args.existingId === undefined ? this.#make(name, args) : this.#find(args.existingId, args.assignRole);
    this.identityId = identityId;
    this.assignments = principalId ? [this.#assign(name, principalId, args)] : [];
    this.registerOutputs({ identityId: this.identityId });
  }

  #make(name: string, { resourceGroupName, location, identityName, tags, assignRole = true }: PullIdentityArgs) {
    const identity = new UserAssignedIdentity(`${name}-identity`, { resourceName: identityName, resourceGroupName: resourceGroupName!, location, tags }, { parent: this });
    return { identityId: identity.id as pulumi.Output<string>, principalId: assignRole ? identity.principalId : undefined };
  }

  #find(existingId: string, assignRole = true) {
    const { name: resourceName, resourceGroupName } = parseResourceId(existingId)!;
    const found = assignRole ? getUserAssignedIdentityOutput({ resourceName, resourceGroupName }, { parent: this }).principalId : undefined;
    return { identityId: pulumi.output(existingId), principalId: found };
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
      { parent: this },
    );
  }
}
