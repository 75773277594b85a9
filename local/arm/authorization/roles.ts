/** What a role permits; `*` stands for any run of characters. Azure built-in roles, JSON of each. */
export interface RoleDefinition {
  id: string;
  name: string;
  description: string;
  actions: string[];
  notActions: string[];
  dataActions: string[];
}

const role = (id: string, name: string, description: string, allowed: Partial<RoleDefinition>): RoleDefinition => ({
  actions: [],
  notActions: [],
  dataActions: [],
  ...allowed,
  id,
  name,
  description,
});

const READ_AUTHORIZATION = "Microsoft.Authorization/*/read";
const REGISTRY = "Microsoft.ContainerRegistry/registries";
const USE_ENVIRONMENT = [
  "Microsoft.App/managedEnvironments/read",
  "Microsoft.App/managedEnvironments/*/read",
  "Microsoft.App/managedEnvironments/join/action",
  "Microsoft.App/managedEnvironments/checknameavailability/action",
];

/** Azure built-in roles (privileged, general, containers, identity), as far as the miniature's resource types need them. */
export const ROLES: RoleDefinition[] = [
  role(
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "Owner",
    "Grants full access to manage all resources, including the ability to assign roles in Azure RBAC.",
    {
      actions: ["*"],
    },
  ),
  role(
    "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "Contributor",
    "Grants full access to manage all resources, but does not allow you to assign roles in Azure RBAC, manage assignments in Azure Blueprints, or share image galleries.",
    {
      actions: ["*"],
      notActions: ["Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write", "Microsoft.Authorization/elevateAccess/Action"],
    },
  ),
  role(
    "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "Reader",
    "View all resources, but does not allow you to make any changes.",
    {
      actions: ["*/read"],
    },
  ),
  role(
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
    "Role Based Access Control Administrator",
    "Manage access to Azure resources by assigning roles using Azure RBAC. This role does not allow you to manage access using other ways, such as Azure Policy.",
    {
      actions: ["Microsoft.Authorization/roleAssignments/write", "Microsoft.Authorization/roleAssignments/delete", "*/read", "Microsoft.Support/*"],
    },
  ),
  role(
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
    "User Access Administrator",
    "Lets you manage user access to Azure resources.",
    {
      actions: ["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"],
    },
  ),
  role(
    "7f951dda-4ed3-4680-a7ca-43fe172d538d",
    "AcrPull",
    "acr pull",
    { actions: [`${REGISTRY}/pull/read`] },
  ),
  role(
    "8311e382-0749-4cb8-b61a-304f252e45ec",
    "AcrPush",
    "acr push",
    { actions: [`${REGISTRY}/pull/read`, `${REGISTRY}/push/write`] },
  ),
  role(
    "c2f4ef07-c644-48eb-af81-4b1b4947fb11",
    "AcrDelete",
    "acr delete",
    { actions: [`${REGISTRY}/artifacts/delete`] },
  ),
  role(
    "b93aa761-3e63-49ed-ac28-beffa264f7ac",
    "Container Registry Repository Reader",
    "Allows for read access to Azure Container Registry repositories, but excluding catalog listing.",
    {
      dataActions: [`${REGISTRY}/repositories/metadata/read`, `${REGISTRY}/repositories/content/read`],
    },
  ),
  role(
    "2a1e307c-b015-4ebd-883e-5b7698a07328",
    "Container Registry Repository Writer",
    "Allows for read and write access to Azure Container Registry repositories, but excluding catalog listing.",
    {
      dataActions: ["metadata", "content"].flatMap((part) => [`${REGISTRY}/repositories/${part}/read`, `${REGISTRY}/repositories/${part}/write`]),
    },
  ),
  role(
    "2efddaa5-3f1f-4df3-97df-af3f13818f4c",
    "Container Registry Repository Contributor",
    "Allows for read, write, and delete access to Azure Container Registry repositories, but excluding catalog listing.",
    {
      dataActions: ["metadata", "content"].flatMap((part) => ["read", "write", "delete"].map((verb) => `${REGISTRY}/repositories/${part}/${verb}`)),
    },
  ),
  role(
    "bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7",
    "Container Registry Repository Catalog Lister",
    "Allows for listing all repositories in an Azure Container Registry.",
    {
      dataActions: [`${REGISTRY}/catalog/read`],
    },
  ),
  role(
    "358470bc-b998-42bd-ab17-a7e34c199c0f",
    "Container Apps Contributor",
    "Full management of Container Apps, including creation, deletion, and updates.",
    {
      actions: [READ_AUTHORIZATION, ...["read", "write", "delete", "action"].map((verb) => `Microsoft.App/containerApps/*/${verb}`), ...USE_ENVIRONMENT],
      dataActions: ["logstream", "exec", "debug"].map((verb) => `Microsoft.App/containerApps/${verb}/action`),
    },
  ),
  role(
    "57cc5028-e6a7-4284-868d-0611c5923f8d",
    "Container Apps ManagedEnvironments Contributor",
    "Full management of Container Apps ManagedEnvironments, including creation, deletion, and updates.",
    {
      actions: [READ_AUTHORIZATION, ...["read", "write", "delete", "action"].map((verb) => `Microsoft.App/managedEnvironments/*/${verb}`)],
    },
  ),
  role(
    "f1a07417-d97a-45cb-824c-7a7467783830",
    "Managed Identity Operator",
    "Read and Assign User Assigned Identity",
    {
      actions: [
        "Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
        "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
        READ_AUTHORIZATION,
        "Microsoft.Resources/subscriptions/resourceGroups/read",
      ],
    },
  ),
  role(
    "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59",
    "Managed Identity Contributor",
    "Create, Read, Update, and Delete User Assigned Identity",
    {
      actions: [
        ...["read", "write", "delete"].map((verb) => `Microsoft.ManagedIdentity/userAssignedIdentities/*/${verb}`),
        READ_AUTHORIZATION,
        "Microsoft.Resources/subscriptions/resourceGroups/read",
      ],
    },
  ),
];

export const ROLE_BY_ID = new Map(ROLES.map((each) => [each.id, each]));
