import { describe, expect, test } from "@jest/globals";
import { diffInputs } from "../../../../local/providers/azure-native/diff.ts";
import { containerApp } from "../../../../local/providers/azure-native/resource-types/container-app.ts";
import { httpRouteConfig } from "../../../../local/providers/azure-native/resource-types/http-route-config.ts";
import { managedEnvironment } from "../../../../local/providers/azure-native/resource-types/managed-environment.ts";
import { managedEnvironmentsStorage } from "../../../../local/providers/azure-native/resource-types/managed-environments-storage.ts";
import { registry } from "../../../../local/providers/azure-native/resource-types/registry.ts";
import { resourceGroup } from "../../../../local/providers/azure-native/resource-types/resource-group.ts";
import { roleAssignment } from "../../../../local/providers/azure-native/resource-types/role-assignment.ts";
import { Secret, unknown } from "../../../../local/providers/grpc/property-values.ts";
import type { ResourceType } from "../../../../local/providers/azure-native/schema.ts";
import type { PropertyMap } from "../../../../local/providers/grpc/property-values.ts";

type Case = [name: string, type: ResourceType, olds: PropertyMap, news: PropertyMap, detailed: Record<string, string>];

const env = (...names: string[]) => ({ template: { containers: [{ name: "main", env: names.map((name) => ({ name, value: name })) }] } });
const routesTo = (...apps: string[]) => ({ properties: { rules: apps.map((containerApp) => ({ targets: [{ containerApp }] })) } });

const cases: Case[] = [
  ["nothing", containerApp, { a: 1 }, { a: 1 }, {}],
  ["an update deep inside", containerApp, { configuration: { ingress: { targetPort: 80 } } }, { configuration: { ingress: { targetPort: 81 } } }, { "configuration.ingress.targetPort": "update" }],
  ["an addition and a deletion", containerApp, { tags: { a: "1" } }, { tags: { b: "1" } }, { "tags.a": "delete", "tags.b": "add" }],
  ["a tag whose name is no simple path", containerApp, { tags: {} }, { tags: { "a.b": "1" } }, { 'tags["a.b"]': "add" }],
  ["a name in the id replaces", containerApp, { containerAppName: "a" }, { containerAppName: "b" }, { containerAppName: "update-replace" }],
  ["the environment of an app replaces", containerApp, { environmentId: "a" }, { environmentId: "b" }, { environmentId: "update-replace" }],
  ["an unknown environment may replace", containerApp, { environmentId: "a" }, { environmentId: unknown }, { environmentId: "update-replace" }],
  ["the principal of a role assignment replaces", roleAssignment, { principalId: "a" }, { principalId: "b" }, { principalId: "update-replace" }],
  ["the scope of a role assignment replaces", roleAssignment, { scope: "/a" }, { scope: "/b" }, { scope: "update-replace" }],
  ["the role of a role assignment does not", roleAssignment, { roleDefinitionId: "a" }, { roleDefinitionId: "b" }, { roleDefinitionId: "update" }],
  ["a create-only property one level down replaces", managedEnvironment, { vnetConfiguration: { internal: true } }, { vnetConfiguration: { internal: false } }, { "vnetConfiguration.internal": "update-replace" }],
  ["a child of a create-only property replaces", registry, { encryption: { status: "a" } }, { encryption: { status: "b" } }, { "encryption.status": "update-replace" }],
  ["the location in another spelling is the same", resourceGroup, { location: "West US 2" }, { location: "westus2" }, {}],
  ["another location replaces", resourceGroup, { location: "westus" }, { location: "eastus" }, { location: "update-replace" }],
  ["the group in another case is the same", containerApp, { resourceGroupName: "RG" }, { resourceGroupName: "rg" }, {}],
  ["a secret mark alone is no change", containerApp, { kind: new Secret("a") }, { kind: "a" }, {}],
  ["a changed secret is", managedEnvironment, { appLogsConfiguration: { logAnalyticsConfiguration: { sharedKey: new Secret("a") } } }, { appLogsConfiguration: { logAnalyticsConfiguration: { sharedKey: new Secret("b") } } }, { "appLogsConfiguration.logAnalyticsConfiguration.sharedKey": "update" }],
  ["a storage's key is an update", managedEnvironmentsStorage, { properties: { azureFile: { accountKey: new Secret("a") } } }, { properties: { azureFile: { accountKey: new Secret("b") } } }, { "properties.azureFile.accountKey": "update" }],
  ["a storage's share is one too, which ARM refuses", managedEnvironmentsStorage, { properties: { azureFile: { shareName: "a" } } }, { properties: { azureFile: { shareName: "b" } } }, { "properties.azureFile.shareName": "update" }],
  ["a storage's name replaces", managedEnvironmentsStorage, { storageName: "a" }, { storageName: "b" }, { storageName: "update-replace" }],
  ["the hidden naming mark is no input", containerApp, { __createBeforeDelete: true }, {}, {}],
  ["a keyed list in another order is the same", containerApp, env("A", "B"), env("B", "A"), {}],
  ["an addition in front of a keyed list is one addition", containerApp, env("B"), env("A", "B"), { "template.containers[0].env[0]": "add" }],
  ["a deletion from a keyed list is one deletion", containerApp, env("A", "B"), env("B"), { "template.containers[0].env[0]": "delete" }],
  ["registries are told apart by server", containerApp, { configuration: { registries: [{ server: "a", identity: "1" }, { server: "b", identity: "1" }] } }, { configuration: { registries: [{ server: "b", identity: "2" }, { server: "a", identity: "1" }] } }, { "configuration.registries[0].identity": "update" }],
  ["a list without a key goes by position", containerApp, { template: { containers: [{ name: "m", args: ["a", "b"] }] } }, { template: { containers: [{ name: "m", args: ["b"] }] } }, { "template.containers[0].args[0]": "update", "template.containers[0].args[1]": "delete" }],
  ["the environment of routes replaces", httpRouteConfig, { environmentName: "a" }, { environmentName: "b" }, { environmentName: "update-replace" }],
  ["rules of routes go by position, as they are asked in their order", httpRouteConfig, routesTo("a", "b"), routesTo("b", "a"), { "properties.rules[0].targets[0].containerApp": "update", "properties.rules[1].targets[0].containerApp": "update" }],
  ["a rule more", httpRouteConfig, routesTo("a"), routesTo("a", "b"), { "properties.rules[1]": "add" }],
  ["adding what is the default anyway is no change", registry, {}, { adminUserEnabled: false }, {}],
  ["adding another value is", registry, {}, { adminUserEnabled: true }, { adminUserEnabled: "add" }],
];

test.each(cases)("%s", (_name, type, olds, news, detailed) => {
  const diff = diffInputs(type, olds, news, {});
  expect(diff.detailed).toEqual(detailed);
  expect(diff.changes).toBe(Object.keys(detailed).length > 0 ? "some" : "none");
});

describe("replacement", () => {
  test("spelling out what ARM had chosen replaces nothing", () => {
    expect(diffInputs(resourceGroup, {}, { location: "westeurope" }, { location: "westeurope" }).detailed).toEqual({ location: "add" });
    expect(diffInputs(resourceGroup, {}, { location: "westeurope" }, { location: "uksouth" }).detailed).toEqual({ location: "add-replace" });
  });

  test.each([
    ["a named resource: the old one goes first", {}, true],
    ["a randomly named one: the new one comes first", { __createBeforeDelete: true }, false],
  ])("%s", (_name, olds, deleteBeforeReplace) => {
    const diff = diffInputs(containerApp, { ...olds, environmentId: "a" }, { environmentId: "b" }, {});
    expect(diff.deleteBeforeReplace).toBe(deleteBeforeReplace);
  });
});
