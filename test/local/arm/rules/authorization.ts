import type { JsonObject } from "../../../../local/arm/json.ts";
import type { World } from "../../../support/arm-world.ts";
import { appBody, ENVIRONMENT, IDENTITY, REGISTRY } from "../../../support/platform-bodies.ts";
import type { Rule, Step } from "./rule.ts";

const NAME = "11111111-2222-3333-4444-555555555555";
const OTHER_NAME = "99999999-2222-3333-4444-555555555555";
const STRANGER = "aaaaaaaa-2222-3333-4444-555555555555";
const ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
const ACR_PUSH = "8311e382-0749-4cb8-b61a-304f252e45ec";
const AT_REGISTRY = `${REGISTRY}/providers/Microsoft.Authorization/roleAssignments/`;

const puller = (world: World) =>
  world.store.list<{ principalId: string; displayName: string }>("entra/principals/").find(({ value }) => value.displayName === "puller")!.value.principalId;
const bare = (id: string) => id.replaceAll("-", "");
const grant = (change: JsonObject = {}) => (world: World) => ({
  properties: {
    principalId: puller(world),
    roleDefinitionId: `/subscriptions/${world.tenant.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${ACR_PULL}`,
    principalType: "ServicePrincipal",
    ...change,
  },
});

const APP = "Microsoft.App/containerApps/weather";
const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";
/** Makes a stranger Contributor there. */
const stranger = (scope: string, name = NAME): Step => ({
  path: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
  body: grant({ principalId: STRANGER, roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${CONTRIBUTOR}` }),
});

export const authorizationRules: Rule[] = [
  { rule: "an identity is given a role at a registry", path: AT_REGISTRY + NAME, body: grant(), accepted: { name: NAME, type: "Microsoft.Authorization/roleAssignments", properties: { principalType: "ServicePrincipal" } }, source: "Azure docs, Role Assignments - Create" },
  { rule: "the same grant under the same name is no error", path: AT_REGISTRY + NAME, given: [{ path: AT_REGISTRY + NAME, body: grant() }], body: grant(), accepted: { name: NAME }, source: "Azure docs, ARM: PUT is idempotent" },
  { rule: "the type User does not fit an identity", path: AT_REGISTRY + NAME, body: grant({ principalType: "User" }), refused: { code: "UnmatchedPrincipalType", message: (world) => `The PrincipalId '${bare(puller(world))}' has type 'ServicePrincipal' , which is different from specified PrinciaplType 'User'.` }, source: "Azure/modern-web-app-pattern-dotnet issue 129" },
  { rule: "an assignment does not change its principal", path: AT_REGISTRY + NAME, given: [{ path: AT_REGISTRY + NAME, body: grant() }], body: grant({ principalId: STRANGER }), refused: { code: "RoleAssignmentUpdateNotPermitted", message: "Tenant ID, application ID, principal ID, and scope are not allowed to be updated." }, source: "Azure docs, troubleshoot Azure RBAC" },
  { rule: "an assignment does not change its scope", path: `$group/providers/Microsoft.Authorization/roleAssignments/${NAME}`, given: [{ path: AT_REGISTRY + NAME, body: grant() }], body: grant(), refused: { code: "RoleAssignmentUpdateNotPermitted", message: "Tenant ID, application ID, principal ID, and scope are not allowed to be updated." }, source: "Azure docs, troubleshoot Azure RBAC" },
  { rule: "an assignment may change its role", path: AT_REGISTRY + NAME, given: [{ path: AT_REGISTRY + NAME, body: grant() }], body: grant({ roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${ACR_PUSH}` }), accepted: true, source: "assumed: azure-native replaces only for principal and scope" },
  { rule: "the same grant under another name exists", path: AT_REGISTRY + OTHER_NAME, given: [{ path: AT_REGISTRY + NAME, body: grant() }], body: grant(), refused: { status: 409, code: "RoleAssignmentExists", message: `The role assignment already exists. The ID of the existing role assignment is ${bare(NAME)}.` }, source: "Azure docs, troubleshoot Azure RBAC; the second sentence seen in 2026" },
  { rule: "an unknown principal without a type is not found", path: AT_REGISTRY + NAME, body: grant({ principalId: STRANGER, principalType: null }), refused: { code: "PrincipalNotFound", message: /^Principal aaaaaaaa222233334444555555555555 does not exist in the directory .*\. Check that you have the correct principal ID\. If you are creating this principal/ }, source: "Azure docs, troubleshoot Azure RBAC" },
  { rule: "an unknown principal with a type is believed", path: AT_REGISTRY + NAME, body: grant({ principalId: STRANGER }), accepted: true, source: "Azure docs, new service principal" },
  { rule: "a name is a GUID", path: `${AT_REGISTRY}puller-may-pull`, body: grant(), refused: { code: "InvalidRoleAssignmentId", message: "The role assignment ID 'puller-may-pull' is not valid. The role assignment ID must be a GUID." }, source: "rule: Azure docs, Role Assignments; text from memory" },
  { rule: "a scope must exist", path: `Microsoft.ContainerRegistry/registries/none12345/providers/Microsoft.Authorization/roleAssignments/${NAME}`, body: grant(), refused: { status: 404, code: "ResourceNotFound", message: /^The Resource 'Microsoft\.ContainerRegistry\/registries\/none12345' under resource group 'rg' was not found\./ }, source: "Azure docs, resource not found errors" },
  { rule: "a role definition has a GUID", path: AT_REGISTRY + NAME, body: grant({ roleDefinitionId: "AcrPull" }), refused: { code: "InvalidRoleDefinitionId", message: "The role definition ID 'AcrPull' is not valid." }, source: "hashicorp/terraform-provider-azurerm issue 8547" },
  { rule: "an assignment that is not there is not found", method: "GET", path: AT_REGISTRY + NAME, refused: { status: 404, code: "RoleAssignmentNotFound", message: `The role assignment '${NAME}' is not found.` }, source: "seen: RoleAssignmentNotFound" },
  { rule: "deleting an assignment answers it", method: "DELETE", path: AT_REGISTRY + NAME, given: [{ path: AT_REGISTRY + NAME, body: grant() }], accepted: { name: NAME }, source: "Azure docs, Role Assignments - Delete" },
  { rule: "deleting an assignment that is not there is no error", method: "DELETE", path: AT_REGISTRY + NAME, accepted: true, source: "Azure docs, Role Assignments - Delete: 204" },
  { rule: "a known role is described", method: "GET", path: `$subscription/providers/Microsoft.Authorization/roleDefinitions/${ACR_PULL}`, accepted: { properties: { roleName: "AcrPull", permissions: [{ actions: ["Microsoft.ContainerRegistry/registries/pull/read"] }] } }, source: "Azure built-in roles, containers" },
  { rule: "an unknown role is not found", method: "GET", path: `$subscription/providers/Microsoft.Authorization/roleDefinitions/${STRANGER}`, refused: { status: 404, code: "RoleDefinitionDoesNotExist", message: `The specified role definition with ID '${bare(STRANGER)}' does not exist.` }, source: "seen: RoleDefinitionDoesNotExist" },
  { rule: "a role is found by its name", method: "GET", path: "$subscription/providers/Microsoft.Authorization/roleDefinitions?$filter=roleName eq 'AcrPush'", accepted: { value: [{ name: ACR_PUSH }] }, source: "Azure docs, Role Definitions - List" },
  { rule: "an identity's deletion leaves its assignments", method: "GET", path: AT_REGISTRY + NAME, given: [{ path: AT_REGISTRY + NAME, body: grant() }, { method: "DELETE", path: IDENTITY }], accepted: { name: NAME }, source: "Azure docs, troubleshoot Azure RBAC: identity not found" },
  { rule: "another role for the same principal is another grant", path: AT_REGISTRY + OTHER_NAME, given: [{ path: AT_REGISTRY + NAME, body: grant() }], body: grant({ roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${ACR_PUSH}` }), accepted: true, source: "Azure docs, Role Assignments - Create" },
  { rule: "a principal's id is a GUID", path: AT_REGISTRY + NAME, body: grant({ principalId: "puller" }), refused: { code: "InvalidPrincipalId", message: /The principal ID 'puller' is not a GUID\.$/ }, source: "code seen; text assumed" },
  { rule: "a principal's type is known", path: AT_REGISTRY + NAME, body: grant({ principalType: "Robot" }), refused: { code: "InvalidPrincipalType", message: /^The principal type 'Robot' is not valid\./ }, source: "API reference, PrincipalType; code and text assumed" },
  { rule: "assignments are listed by filters that are known", method: "GET", path: `${REGISTRY}/providers/Microsoft.Authorization/roleAssignments?$filter=roleName eq 'x'`, refused: { status: 501, code: "NotEmulated", message: /the \$filter "roleName eq 'x'" of role assignments/ }, source: "local/README.md" },
  { rule: "roles are listed by their names", method: "GET", path: "$subscription/providers/Microsoft.Authorization/roleDefinitions?$filter=type eq 'x'", refused: { status: 501, code: "NotEmulated", message: /the \$filter "type eq 'x'" of role definitions/ }, source: "local/README.md" },

  { rule: "who has no role may nothing", method: "GET", path: ENVIRONMENT, as: () => STRANGER, refused: { status: 403, code: "AuthorizationFailed", message: (world) => `The client '${STRANGER}' with object id '${STRANGER}' does not have authorization to perform action 'Microsoft.App/managedEnvironments/read' over scope '${world.idOf(ENVIRONMENT)}' or the scope is invalid. If access was recently granted, please refresh your credentials.` }, source: "Azure docs, troubleshoot Azure RBAC" },
  { rule: "a role permits where it was given", method: "GET", path: ENVIRONMENT, given: [stranger(ENVIRONMENT)], as: () => STRANGER, accepted: { name: "env" }, source: "Azure docs, understand scope for Azure RBAC" },
  { rule: "a role permits nothing elsewhere", method: "GET", path: ENVIRONMENT, given: [stranger(REGISTRY)], as: () => STRANGER, refused: { status: 403, code: "AuthorizationFailed", message: /managedEnvironments\/read/ }, source: "Azure docs, understand scope for Azure RBAC" },
  { rule: "a role that has just been given permits nothing yet", method: "GET", path: ENVIRONMENT, given: [stranger(ENVIRONMENT)], propagationDelayMs: 600_000, as: () => STRANGER, refused: { status: 403, code: "AuthorizationFailed", message: /managedEnvironments\/read/ }, source: "Azure docs, troubleshoot Azure RBAC: up to ten minutes" },
  { rule: "an app is put only into an environment that the caller may join", path: APP, given: [{ path: APP, body: appBody }, stranger(APP)], body: appBody, as: () => STRANGER, refused: { status: 403, code: "LinkedAuthorizationFailed", message: /does not have permission to perform action 'Microsoft\.App\/managedEnvironments\/join\/action' on the linked scope\(s\) '.*env'/ }, source: "code: Azure docs, troubleshoot Azure RBAC; text from memory" },
  { rule: "an app is given only identities that the caller may assign", path: APP, given: [{ path: APP, body: appBody }, stranger(APP), stranger(ENVIRONMENT, OTHER_NAME)], body: appBody, as: () => STRANGER, refused: { status: 403, code: "LinkedAuthorizationFailed", message: /action 'Microsoft\.ManagedIdentity\/userAssignedIdentities\/assign\/action' on the linked scope\(s\) '.*puller'/ }, source: "code: Azure docs, troubleshoot Azure RBAC; text from memory" },
];
