export const ROLE_ASSIGNMENTS = "Microsoft.Authorization/roleAssignments";
export const ROLE_DEFINITIONS = "Microsoft.Authorization/roleDefinitions";

export const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";
export const RBAC_ADMINISTRATOR = "f58310d9-a9f6-439a-9e8d-f62e7b41a168";

export const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
