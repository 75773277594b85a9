import { describe, expect, test } from "@jest/globals";
import { armAddressOf, UNKNOWN } from "../../automation/arm-ids.ts";

const SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/wharf`;

describe("ARM ids from inputs", () => {
  test.each([
    ["azure-native:resources:ResourceGroup", { resourceGroupName: "wharf" }, GROUP],
    ["azure-native:operationalinsights:Workspace", { resourceGroupName: "wharf", workspaceName: "logs" }, `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/logs`],
    ["azure-native:containerregistry:Registry", { resourceGroupName: "wharf", registryName: "acr1" }, `${GROUP}/providers/Microsoft.ContainerRegistry/registries/acr1`],
    ["azure-native:managedidentity:UserAssignedIdentity", { resourceGroupName: "wharf", resourceName: "pull" }, `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/pull`],
    ["azure-native:app:ManagedEnvironment", { resourceGroupName: "wharf", environmentName: "env" }, `${GROUP}/providers/Microsoft.App/managedEnvironments/env`],
    ["azure-native:app/v20250701:ContainerApp", { resourceGroupName: "wharf", containerAppName: "echo" }, `${GROUP}/providers/Microsoft.App/containerApps/echo`],
    ["azure-native:app:HttpRouteConfig", { resourceGroupName: "wharf", environmentName: "env", httpRouteName: "tools" }, `${GROUP}/providers/Microsoft.App/managedEnvironments/env/httpRouteConfigs/tools`],
    ["azure-native:app:ManagedEnvironmentsStorage", { resourceGroupName: "wharf", environmentName: "env", storageName: "data-0a1b2c" }, `${GROUP}/providers/Microsoft.App/managedEnvironments/env/storages/data-0a1b2c`],
    ["azure-native:authorization:RoleAssignment", { scope: `${GROUP}/`, roleAssignmentName: "guid" }, `${GROUP}/providers/Microsoft.Authorization/roleAssignments/guid`],
  ])("%s", (type, inputs, id) => {
    expect(armAddressOf(type)?.id(inputs, SUBSCRIPTION)).toBe(id);
  });

  test("there is none while a part of it is not known", () => {
    expect(armAddressOf("azure-native:app:ContainerApp")?.id({ resourceGroupName: UNKNOWN, containerAppName: "echo" }, SUBSCRIPTION)).toBeUndefined();
    expect(armAddressOf("azure-native:app:ContainerApp")?.id({ resourceGroupName: "wharf" }, SUBSCRIPTION)).toBeUndefined();
  });

  test("what is not in ARM has none", () => {
    expect(armAddressOf("docker:index/image:Image")).toBeUndefined();
    expect(armAddressOf("random:index/randomString:RandomString")).toBeUndefined();
  });
});
