import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Secret, unknown } from "../../../../local/providers/grpc/property-values.ts";
import { GROUP, openBench, urnOf } from "./support.ts";
import type { Bench } from "./support.ts";

let bench: Bench;
beforeAll(async () => void (bench = await openBench()));
afterAll(() => bench.close());

const sku = { name: "Basic" };

describe("problems, in azure-native's words", () => {
  test.each([
    ["registry", { registryName: "reg12", sku }, "missing required property 'resourceGroupName'"],
    ["registry", { resourceGroupName: "rg", registryName: "reg12" }, "missing required property 'sku'"],
    ["registry", { resourceGroupName: "rg", registryName: "reg12", sku: {} }, "missing required property 'sku.name'"],
    ["registry", { resourceGroupName: "rg", registryName: "my-reg", sku }, "'registryName' does not match expression '^[a-zA-Z0-9]*$'"],
    ["registry", { resourceGroupName: "rg", registryName: "reg", sku }, "'registryName' is too short (3): at least 5 characters required"],
    ["registry", { resourceGroupName: "rg", registryName: "r".repeat(51), sku }, "'registryName' is too long (51): at most 50 characters allowed"],
    ["registry", { resourceGroupName: "rg", registryName: "reg12", sku: "Basic" }, "'sku' should be of type 'object' but got a string"],
    ["registry", { resourceGroupName: "rg", registryName: "reg12", sku, adminUserEnabled: "no" }, "'adminUserEnabled' should be of type 'boolean' but got a string"],
    ["registry", { resourceGroupName: "rg", registryName: "reg12", sku, zoneRedundancy: 1 }, "'zoneRedundancy' should be of type 'string' but got a number"],
    ["registry", { resourceGroupName: "rg", registryName: "reg12", sku, zoneRedundancy: ["a"] }, "'zoneRedundancy' should be of type 'string' but got an array"],
    [
      "app",
      { resourceGroupName: "rg", configuration: { dapr: { appHealth: { threshold: 0 } } } },
      "'configuration.dapr.appHealth.threshold' is too low (0.000000 < 1.000000)",
    ],
    [
      "app",
      { resourceGroupName: "rg", configuration: { ingress: { targetPort: 80.5 } } },
      "'configuration.ingress.targetPort' must be an integer but got 80.500000",
    ],
    [
      "app",
      { resourceGroupName: "rg", template: { containers: [{ probes: [{ httpGet: { path: "/" } }] }] } },
      "missing required property 'template.containers[0].probes[0].httpGet.port'",
    ],
    ["assignment", { scope: GROUP, principalId: "p" }, "missing required property 'roleDefinitionId'"],
    ["environment", { resourceGroupName: "", environmentName: "env" }, "'resourceGroupName' is too short (0): at least 1 characters required"],
    ["storage", { resourceGroupName: "rg", storageName: "data" }, "missing required property 'environmentName'"],
    ["storage", { resourceGroupName: "rg", environmentName: "env", storageName: "data", properties: { azureFile: "notes" } }, "'properties.azureFile' should be of type 'object' but got a string"],
    ["workspace", { resourceGroupName: "rg", workspaceName: "-ws-" }, "'workspaceName' does not match expression '^[A-Za-z0-9][A-Za-z0-9-]+[A-Za-z0-9]$'"],
    ["routes", { resourceGroupName: "rg", httpRouteName: "tools" }, "missing required property 'environmentName'"],
    ["routes", { resourceGroupName: "rg", environmentName: "env", httpRouteName: "my-tools" }, "'httpRouteName' does not match expression '^[a-z][a-z0-9]*$'"],
    ["routes", { resourceGroupName: "rg", environmentName: "env", httpRouteName: "to" }, "'httpRouteName' is too short (2): at least 3 characters required"],
    ["routes", { resourceGroupName: "rg", environmentName: "env", httpRouteName: "t".repeat(64) }, "'httpRouteName' is too long (64): at most 63 characters allowed"],
    [
      "routes",
      { resourceGroupName: "rg", environmentName: "env", httpRouteName: "tools", properties: { rules: [{ routes: [{ match: { prefix: "/" } }], targets: [{ containerApp: "a", weight: 101 }] }] } },
      "'properties.rules[0].targets[0].weight' is too high (101.000000 > 100.000000)",
    ],
    ["routes", { resourceGroupName: "rg", environmentName: "env", httpRouteName: "tools", properties: { rules: [{ routes: [{ match: { prefix: "/" } }], targets: [{}] }] } }, "missing required property 'properties.rules[0].targets[0].containerApp'"],
  ])("%s %j", async (type, inputs, problem) => {
    expect((await bench.engine.check(urnOf(type), inputs)).failures).toEqual([problem]);
  });

  test("all of them at once", async () => {
    const { failures } = await bench.engine.check(urnOf("registry"), { registryName: "a-b" });
    expect(failures).toHaveLength(4);
  });

  test("a missing location says how to set one", async () => {
    const other = await openBench({});
    const { failures } = await other.engine.check(urnOf("group"), { resourceGroupName: "rg" });
    await other.close();
    expect(failures).toEqual([
      "missing required property 'location'. Either set it explicitly or configure it with 'pulumi config set azure-native:location <value>'.",
    ]);
  });
});

test.each([
  ["an unknown name", { resourceGroupName: unknown, registryName: unknown, sku }],
  ["an enum value that only ARM knows", { resourceGroupName: "rg", registryName: "reg12", sku: { name: "Huge" } }],
  ["a secret of the right type", { resourceGroupName: "rg", registryName: "reg12", sku: { name: new Secret("Basic") } }],
])("%s passes", async (_name, inputs) => {
  expect((await bench.engine.check(urnOf("registry"), inputs)).failures).toEqual([]);
});

describe("defaults", () => {
  const seed = new Uint8Array(32).fill(7);

  test("the configured location and the API version become inputs; what the program gave stays as it was", async () => {
    const given = { resourceGroupName: "rg", registryName: "reg12", sku, tags: { a: new Secret("b") } };
    const { inputs } = await bench.engine.check(urnOf("registry"), given);
    expect(inputs).toEqual({ ...given, location: "westeurope", azureApiVersion: "2023-01-01-preview" });
  });

  test.each([
    ["group", "resourceGroupName", {}, /^thing[0-9a-f]{8}$/],
    ["app", "containerAppName", { resourceGroupName: "rg" }, /^thing[0-9a-f]{8}$/],
    ["identity", "resourceName", { resourceGroupName: "rg" }, /^thing[0-9a-f]{8}$/],
    ["routes", "httpRouteName", { resourceGroupName: "rg", environmentName: "env" }, /^thing[0-9a-f]{8}$/],
    ["assignment", "roleAssignmentName", { scope: "/s", principalId: "p", roleDefinitionId: "r" }, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/],
  ])("a %s without a name gets one, the same for the same seed", async (type, parameter, given, pattern) => {
    const first = await bench.engine.check(urnOf(type), given, { seed });
    const again = await bench.engine.check(urnOf(type), given, { seed });
    expect(first.inputs[parameter]).toMatch(pattern);
    expect(again.inputs[parameter]).toBe(first.inputs[parameter]);
    expect(first.inputs["__createBeforeDelete"]).toBe(true);
  });

  test("an old random name is kept, and stays random", async () => {
    const olds = { resourceGroupName: "rg", containerAppName: "thing1234", __createBeforeDelete: true, location: "northeurope" };
    const { inputs } = await bench.engine.check(urnOf("app"), { resourceGroupName: "rg" }, { olds, seed });
    expect(inputs).toMatchObject({ containerAppName: "thing1234", __createBeforeDelete: true, location: "northeurope" });
  });

  test.each([
    [0, "app", "proposed", "containerAppName"],
    [1, "app", "proposed", "containerAppName"],
    [1, "assignment", "proposed", "roleAssignmentName"],
  ] as const)("naming mode %s of a %s: the engine's name is taken", async (mode, type, name, parameter) => {
    const given = { resourceGroupName: "rg", scope: "/s", principalId: "p", roleDefinitionId: "r" };
    const { inputs } = await bench.engine.check(urnOf(type), given, { seed, autoNaming: { name, mode } });
    expect(inputs[parameter]).toBe("proposed");
  });

  test("a proposed name is no GUID, so a role assignment does not take it", async () => {
    const given = { scope: "/s", principalId: "p", roleDefinitionId: "r" };
    const { inputs } = await bench.engine.check(urnOf("assignment"), given, { seed, autoNaming: { name: "proposed", mode: 0 } });
    expect(inputs["roleAssignmentName"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("with automatic names disabled a name is missing", async () => {
    const { failures } = await bench.engine.check(urnOf("app"), { resourceGroupName: "rg" }, { seed, autoNaming: { name: "", mode: 2 } });
    expect(failures).toEqual(["missing required property 'containerAppName'"]);
  });

  test("without a configured location the resource group's is taken, and is unknown while the group is", async () => {
    const other = await openBench({});
    other.arm.documents.set(GROUP.toLowerCase(), { id: GROUP, location: "uksouth" });
    const known = await other.engine.check(urnOf("identity"), { resourceGroupName: "rg", resourceName: "id" });
    const later = await other.engine.check(urnOf("identity"), { resourceGroupName: unknown, resourceName: "id" });
    await other.close();
    expect(known.inputs["location"]).toBe("uksouth");
    expect(later.inputs["location"]).toBe(unknown);
  });
});

describe("what the miniature does not have", () => {
  test("a resource type is refused in the preview, by name", async () => {
    const check = bench.engine.check(urnOf("azure-native:storage:StorageAccount"), {});
    await expect(check).rejects.toThrow(/no resource type 'azure-native:storage:StorageAccount'.*azure-native:app:ContainerApp.*local\/README\.md/);
  });

  const least = { resourceGroupName: "rg", containerAppName: "app" };
  const refused = (path: string, advice = "") => `Azure in miniature does not emulate '${path}' of azure-native:app:ContainerApp.${advice} See local/README.md#not-emulated`;

  test("each property is refused in the preview, with its type, a way out and the page", async () => {
    const { failures } = await bench.engine.check(urnOf("app"), {
      ...least,
      configuration: { service: { type: "redis" }, ingress: { targetPort: 80, transport: "tcp" } },
      template: { containers: [{ name: "a", image: "a:1" }, { name: "b", image: "b:1", imageType: "CloudBuild" }] },
    });
    expect(failures).toEqual([
      refused("configuration.service"),
      refused("configuration.ingress.transport", " Use auto or http."),
      refused("template.containers", " Use one container."),
      refused("template.containers[1].imageType", " Use ContainerImage."),
    ]);
  });

  test("a property that the type does not have, or that only ARM sets, is refused by name", async () => {
    const { failures } = await bench.engine.check(urnOf("app"), { ...least, confguration: {}, template: { containers: [{ name: "a", resources: { ephemeralStorage: "1Gi" } }] } });
    expect(failures).toEqual(["confguration", "template.containers[0].resources.ephemeralStorage"].map((path) => `'${path}' is no property that azure-native:app:ContainerApp takes. See local/README.md#not-emulated`));
  });

  test("an unknown value passes; a secret does not, and is not told", async () => {
    const configuration = { dapr: unknown, service: { type: new Secret("redis") } };
    expect((await bench.engine.check(urnOf("app"), { ...least, configuration })).failures).toEqual([refused("configuration.service")]);
  });

  test("a function too", async () => {
    await expect(bench.engine.invoke("azure-native:storage:listKeys", {})).rejects.toThrow(/no function 'azure-native:storage:listKeys'.*local\/README\.md/);
  });
});
