import { NOT_EMULATED } from "../../../arm/authorization/not-emulated.ts";
import { createOnly, readOnly, required, string } from "../schema.ts";
import { identification, systemData } from "./common.ts";
import type { ResourceType } from "../schema.ts";

export const roleAssignment: ResourceType = {
  token: "azure-native:authorization:RoleAssignment",
  apiVersion: "2022-04-01",
  path: "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
  parameters: { scope: { isPath: true }, roleAssignmentName: { autoName: "uuid" } },
  envelope: { ...identification, systemData },
  properties: {
    roleDefinitionId: string({ required }),
    principalId: string({ required, createOnly }),
    principalType: string({ default: "User" }),
    description: string(),
    condition: string(),
    conditionVersion: string(),
    delegatedManagedIdentityResourceId: string(),
    scope: string({ readOnly }),
    createdBy: string({ readOnly }),
    createdOn: string({ readOnly }),
    updatedBy: string({ readOnly }),
    updatedOn: string({ readOnly }),
  },
  notEmulated: NOT_EMULATED,
};
