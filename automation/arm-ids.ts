/** How the resources of one type are addressed in ARM, by the inputs that azure-native takes for them. */
interface ArmAddress {
  apiVersion: string;
  /** Whether ARM keeps tags on it, which then prove whose it is. */
  taggable: boolean;
  /** @returns the id; `undefined` while an input that it needs is not known */
  id(inputs: Record<string, unknown>, subscriptionId: string): string | undefined;
}

const inGroup = (namespaceAndType: string, nameInput: string, apiVersion: string): ArmAddress => ({
  apiVersion,
  taggable: true,
  id(inputs, subscriptionId) {
    const group = text(inputs.resourceGroupName);
    const name = text(inputs[nameInput]);
    return group && name && `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/${namespaceAndType}/${name}`;
  },
});

const ENVIRONMENT = inGroup("Microsoft.App/managedEnvironments", "environmentName", "2025-02-02-preview");

const inEnvironment = (type: string, nameInput: string): ArmAddress => ({
  apiVersion: ENVIRONMENT.apiVersion,
  taggable: false,
  id(inputs, subscriptionId) {
    const environment = ENVIRONMENT.id(inputs, subscriptionId);
    const name = text(inputs[nameInput]);
    return environment && name && `${environment}/${type}/${name}`;
  },
});

/** The types that the program declares; azure-native 3.28.0's default API versions and names of path inputs. */
const ADDRESSES: Record<string, ArmAddress> = {
  "azure-native:resources:ResourceGroup": {
    apiVersion: "2024-03-01",
    taggable: true,
    id(inputs, subscriptionId) {
      const name = text(inputs.resourceGroupName);
      return name && `/subscriptions/${subscriptionId}/resourceGroups/${name}`;
    },
  },
  "azure-native:operationalinsights:Workspace": inGroup("Microsoft.OperationalInsights/workspaces", "workspaceName", "2023-09-01"),
  "azure-native:containerregistry:Registry": inGroup("Microsoft.ContainerRegistry/registries", "registryName", "2023-01-01-preview"),
  "azure-native:managedidentity:UserAssignedIdentity": inGroup("Microsoft.ManagedIdentity/userAssignedIdentities", "resourceName", "2023-01-31"),
  "azure-native:app:ManagedEnvironment": ENVIRONMENT,
  "azure-native:app:ContainerApp": inGroup("Microsoft.App/containerApps", "containerAppName", "2025-02-02-preview"),
  "azure-native:app:HttpRouteConfig": inEnvironment("httpRouteConfigs", "httpRouteName"),
  "azure-native:app:ManagedEnvironmentsStorage": inEnvironment("storages", "storageName"),
  "azure-native:authorization:RoleAssignment": {
    apiVersion: "2022-04-01",
    taggable: false,
    id(inputs) {
      const scope = text(inputs.scope);
      const name = text(inputs.roleAssignmentName);
      return scope && name && `${scope.replace(/\/$/, "")}/providers/Microsoft.Authorization/roleAssignments/${name}`;
    },
  },
};

/** Pulumi's text for "not known before the update". */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** @param type with or without an API version: `azure-native:app/v20250101:ContainerApp` */
export function armAddressOf(type: string): ArmAddress | undefined {
  return ADDRESSES[type.replace(/\/v\d+(?:preview)?:/, ":")];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && !value.includes(UNKNOWN) ? value : undefined;
}
