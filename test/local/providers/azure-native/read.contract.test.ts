import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Secret } from "../../../../local/providers/grpc/property-values.ts";
import { GROUP, openBench, SUBSCRIPTION, urnOf } from "./support.ts";
import type { Bench } from "./support.ts";

let bench: Bench;
beforeEach(async () => void (bench = await openBench()));
afterEach(() => bench.close());

const ENVIRONMENT = `${GROUP}/providers/Microsoft.App/managedEnvironments/env`;
const inputs = {
  resourceGroupName: "rg",
  environmentName: "env",
  location: "westeurope",
  azureApiVersion: "2025-02-02-preview",
  tags: { owner: "a" },
  appLogsConfiguration: { destination: "log-analytics", logAnalyticsConfiguration: { customerId: "c", sharedKey: new Secret("k") } },
};

function stored(id: string): { tags: Record<string, string>; properties: Record<string, Record<string, unknown>> } {
  return bench.arm.documents.get(id.toLowerCase()) as never;
}

describe("refresh", () => {
  test("without drift the inputs stay what they were, whatever ARM filled in", async () => {
    bench.arm.adds["managedEnvironments"] = { publicNetworkAccess: "Enabled", zoneRedundant: false, staticIp: "1.2.3.4" };
    const { id, outputs } = await bench.engine.create(urnOf("environment"), inputs);
    const read = await bench.engine.read(urnOf("environment"), { id, oldInputs: inputs, oldOutputs: outputs });
    expect(read.id).toBe(id);
    expect(read.inputs).toStrictEqual(inputs);
    expect(read.outputs).toStrictEqual(outputs);
  });

  test("a drifted value comes into the inputs, and a write-only one survives beside it", async () => {
    const { id, outputs } = await bench.engine.create(urnOf("environment"), inputs);
    const document = stored(id);
    document.tags = { owner: "b" };
    (document.properties["appLogsConfiguration"] as Record<string, unknown>)["logAnalyticsConfiguration"] = { customerId: "d" };
    const read = await bench.engine.read(urnOf("environment"), { id, oldInputs: inputs, oldOutputs: outputs });
    expect(read.inputs).toStrictEqual({
      ...inputs,
      tags: { owner: "b" },
      appLogsConfiguration: { destination: "log-analytics", logAnalyticsConfiguration: { customerId: "d", sharedKey: new Secret("k") } },
    });
  });

  test("a storage's key, inside the SDK's own properties, is sent, is not in the outputs and survives a refresh", async () => {
    const azureFile = { accountName: "wharfdata", shareName: "notes", accessMode: "ReadWrite" };
    const storage = { resourceGroupName: "rg", environmentName: "env", storageName: "data", azureApiVersion: "2025-02-02-preview", properties: { azureFile: { ...azureFile, accountKey: new Secret("s3cret") } } };
    const { id, outputs } = await bench.engine.create(urnOf("storage"), storage);
    expect(id).toBe(`${ENVIRONMENT}/storages/data`);
    expect(bench.arm.requests[1]!.body).toEqual({ properties: { azureFile: { ...azureFile, accountKey: "s3cret" } } });
    expect(outputs["properties"]).toEqual({ azureFile });
    const read = await bench.engine.read(urnOf("storage"), { id, oldInputs: storage, oldOutputs: outputs });
    expect(read.inputs).toStrictEqual(storage);
    expect(JSON.stringify(read.outputs)).not.toContain("s3cret");
  });

  test("a secret that drifted stays a secret", async () => {
    const secretTags = { ...inputs, tags: new Secret({ owner: "a" }) };
    const { id, outputs } = await bench.engine.create(urnOf("environment"), secretTags);
    stored(id).tags = { owner: "b" };
    const read = await bench.engine.read(urnOf("environment"), { id, oldInputs: secretTags, oldOutputs: outputs });
    expect(read.inputs["tags"]).toStrictEqual(new Secret({ owner: "b" }));
    expect(read.outputs["tags"]).toStrictEqual(new Secret({ owner: "b" }));
  });

  test("what somebody removed goes out of the inputs", async () => {
    const { id, outputs } = await bench.engine.create(urnOf("environment"), inputs);
    delete (stored(id) as { tags?: unknown }).tags;
    const read = await bench.engine.read(urnOf("environment"), { id, oldInputs: inputs, oldOutputs: outputs });
    expect(read.inputs).not.toHaveProperty("tags");
  });

  test("a resource that is gone has no id any more", async () => {
    const { id, outputs } = await bench.engine.create(urnOf("environment"), inputs);
    bench.arm.documents.clear();
    expect((await bench.engine.read(urnOf("environment"), { id, oldInputs: inputs, oldOutputs: outputs })).id).toBe("");
  });
});

describe("import", () => {
  test("makes the inputs from the id and from what ARM says, without empty collections", async () => {
    bench.arm.adds["managedEnvironments"] = { workloadProfiles: [{ name: "Consumption", workloadProfileType: "Consumption" }], availabilityZones: [], staticIp: "1.2.3.4" };
    await bench.engine.create(urnOf("environment"), inputs);
    const read = await bench.engine.read(urnOf("environment"), { id: ENVIRONMENT });
    expect(read.inputs).toEqual({
      resourceGroupName: "rg",
      environmentName: "env",
      location: "westeurope",
      tags: { owner: "a" },
      // The memory ARM answers whatever was put; the real one keeps the key to itself, as the outputs' schema says.
      appLogsConfiguration: { destination: "log-analytics", logAnalyticsConfiguration: { customerId: "c" } },
      workloadProfiles: [{ name: "Consumption", workloadProfileType: "Consumption" }],
    });
    expect(read.outputs).toMatchObject({ staticIp: "1.2.3.4", azureApiVersion: "2025-02-02-preview" });
  });

  test("properties that the SDK keeps together stay together, without what ARM alone says", async () => {
    const id = `${ENVIRONMENT}/httpRouteConfigs/tools`;
    const rules = [{ targets: [{ containerApp: "echo" }] }];
    bench.arm.documents.set(id.toLowerCase(), { id, name: "tools", properties: { fqdn: "tools.example", provisioningState: "Succeeded", customDomains: [], rules } });
    const read = await bench.engine.read(urnOf("routes"), { id });
    expect(read.inputs).toEqual({ resourceGroupName: "rg", environmentName: "env", httpRouteName: "tools", properties: { rules } });
    expect(read.outputs["properties"]).toMatchObject({ fqdn: "tools.example", rules });
  });

  test("identities become a list of ids again", async () => {
    const id = `${GROUP}/providers/Microsoft.App/containerApps/echo`;
    const identities = { [`${GROUP}/b`]: { clientId: "1", principalId: "2" }, [`${GROUP}/a`]: { clientId: "3", principalId: "4" } };
    bench.arm.documents.set(id.toLowerCase(), { id, name: "echo", location: "l", identity: { type: "UserAssigned", userAssignedIdentities: identities }, properties: {} });
    const read = await bench.engine.read(urnOf("app"), { id });
    expect(read.inputs["identity"]).toEqual({ type: "UserAssigned", userAssignedIdentities: [`${GROUP}/a`, `${GROUP}/b`] });
    expect(read.outputs["identity"]).toEqual({ type: "UserAssigned", userAssignedIdentities: identities });
  });

  test("an id of another type is refused with the shape it should have", async () => {
    bench.arm.documents.set("/subscriptions/s/resourcegroups/rg", { id: "x" });
    await expect(bench.engine.read(urnOf("app"), { id: "/subscriptions/s/resourceGroups/rg" })).rejects.toThrow(
      "'/subscriptions/s/resourceGroups/rg' is no id of a azure-native:app:ContainerApp: expected /subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.App/containerApps/{containerAppName}",
    );
  });
});

describe("functions", () => {
  test("getClientConfig says who is logged in", async () => {
    expect(await bench.engine.invoke("azure-native:authorization:getClientConfig", {})).toEqual({
      clientId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
      objectId: "caller",
      subscriptionId: SUBSCRIPTION,
      tenantId: "tenant",
    });
  });

  test.each([
    [{}, "https://management.azure.com/"],
    [{ endpoint: "https://vault.azure.net" }, "https://vault.azure.net"],
  ])("getClientToken %j is for %s", async (args, audience) => {
    expect(await bench.engine.invoke("azure-native:authorization:getClientToken", args)).toEqual({ token: `token for ${audience}` });
  });

  test("getSharedKeys posts to the workspace", async () => {
    const keys = await bench.engine.invoke("azure-native:operationalinsights:getSharedKeys", { resourceGroupName: "rg", workspaceName: "logs" });
    expect(keys).toEqual({ primarySharedKey: "key-1", secondarySharedKey: "key-2" });
    expect(bench.arm.requests.at(-1)).toMatchObject({
      method: "POST",
      path: `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/logs/sharedKeys`,
      apiVersion: "2023-09-01",
    });
  });

  test("getManagedEnvironmentsStorage looks one up, without its key", async () => {
    const id = `${ENVIRONMENT}/storages/data`;
    bench.arm.documents.set(id.toLowerCase(), { id, name: "data", properties: { azureFile: { accountName: "wharfdata", accountKey: "s3cret" } } });
    const found = await bench.engine.invoke("azure-native:app:getManagedEnvironmentsStorage", { resourceGroupName: "rg", environmentName: "env", storageName: "data" });
    expect(found).toMatchObject({ id, name: "data", properties: { azureFile: { accountName: "wharfdata" } } });
    expect(JSON.stringify(found)).not.toContain("s3cret");
  });

  test.each([
    ["resources:getResourceGroup", { resourceGroupName: "rg" }, GROUP],
    ["containerregistry:getRegistry", { resourceGroupName: "rg", registryName: "reg12" }, `${GROUP}/providers/Microsoft.ContainerRegistry/registries/reg12`],
    ["managedidentity:getUserAssignedIdentity", { resourceGroupName: "rg", resourceName: "i" }, `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i`],
    ["app:getManagedEnvironment", { resourceGroupName: "rg", environmentName: "env" }, ENVIRONMENT],
    ["app:getHttpRouteConfig", { resourceGroupName: "rg", environmentName: "env", httpRouteName: "tools" }, `${ENVIRONMENT}/httpRouteConfigs/tools`],
    ["app:getContainerApp", { resourceGroupName: "rg", containerAppName: "echo" }, `${GROUP}/providers/Microsoft.App/containerApps/echo`],
  ])("%s looks one up", async (name, args, id) => {
    bench.arm.documents.set(id.toLowerCase(), { id, name: "n", location: "l", properties: { provisioningState: "Succeeded" } });
    expect(await bench.engine.invoke(`azure-native:${name}`, args)).toMatchObject({ id, name: "n", ...(name !== "app:getHttpRouteConfig" && { location: "l" }) });
    bench.arm.documents.clear();
    await expect(bench.engine.invoke(`azure-native:${name}`, args)).rejects.toThrow("ResourceNotFound");
  });
});
