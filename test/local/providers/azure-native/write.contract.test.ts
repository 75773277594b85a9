import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Secret, unknown } from "../../../../local/providers/grpc/property-values.ts";
import { initFailureOf } from "../../../support/fake-engine.ts";
import { GROUP, openBench, urnOf } from "./support.ts";
import type { Bench } from "./support.ts";

let bench: Bench;
beforeEach(async () => void (bench = await openBench()));
afterEach(() => bench.close());

const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/pull`;
const APP = `${GROUP}/providers/Microsoft.App/containerApps/echo`;

const registry = { resourceGroupName: "rg", registryName: "reg12", location: "westeurope", sku: { name: "Basic" }, azureApiVersion: "2023-01-01-preview" };
const app = {
  resourceGroupName: "rg",
  containerAppName: "echo",
  location: "westeurope",
  environmentId: `${GROUP}/providers/Microsoft.App/managedEnvironments/env`,
  identity: { type: "UserAssigned", userAssignedIdentities: [IDENTITY] },
  configuration: {
    ingress: { external: true, targetPort: 8000 },
    secrets: [{ name: "key", value: new Secret("s3cret") }],
  },
  template: { containers: [{ name: "echo", image: "localhost:5443/echo@sha256:1" }] },
};

describe("create", () => {
  test("asks whether the id is free, puts the body, reads it back", async () => {
    bench.arm.adds["registries"] = { loginServer: "reg12.azurecr.io" };
    const { id, outputs } = await bench.engine.create(urnOf("registry"), registry);
    expect(bench.arm.requests.map(({ method, path, apiVersion }) => `${method} ${path} ${apiVersion}`)).toEqual(
      ["GET", "PUT", "GET"].map((method) => `${method} ${GROUP}/providers/Microsoft.ContainerRegistry/registries/reg12 2023-01-01-preview`),
    );
    expect(bench.arm.requests[1]?.body).toEqual({ location: "westeurope", sku: { name: "Basic" } });
    expect(id).toBe(`${GROUP}/providers/Microsoft.ContainerRegistry/registries/reg12`);
    expect(outputs).toEqual({
      name: "reg12",
      type: "Microsoft.Test/registries",
      location: "westeurope",
      sku: { name: "Basic" },
      loginServer: "reg12.azurecr.io",
      provisioningState: "Succeeded",
      azureApiVersion: "2023-01-01-preview",
    });
  });

  test("keeps the SDK's own shapes apart from ARM's", async () => {
    bench.arm.adds["containerApps"] = { latestRevisionName: "echo--1" };
    const { outputs } = await bench.engine.create(urnOf("app"), app);
    const body = bench.arm.requests[1]?.body as { identity: object; properties: { configuration: { secrets: unknown[] } } };
    expect(body.identity).toEqual({ type: "UserAssigned", userAssignedIdentities: { [IDENTITY]: {} } });
    expect(body.properties.configuration.secrets).toEqual([{ name: "key", value: "s3cret" }]);
    expect(outputs["identity"]).toEqual({ type: "UserAssigned", userAssignedIdentities: { [IDENTITY]: {} } });
    expect(outputs["latestRevisionName"]).toBe("echo--1");
  });

  test("properties that the SDK keeps together are put as they are", async () => {
    bench.arm.adds["httpRouteConfigs"] = { fqdn: "tools.example" };
    const properties = { rules: [{ routes: [{ match: { path: "/a" } }], targets: [{ containerApp: "echo" }] }] };
    const { id, outputs } = await bench.engine.create(urnOf("routes"), { resourceGroupName: "rg", environmentName: "env", httpRouteName: "tools", properties });
    expect(id).toBe(`${GROUP}/providers/Microsoft.App/managedEnvironments/env/httpRouteConfigs/tools`);
    expect(bench.arm.requests[1]?.body).toEqual({ properties });
    expect(outputs).toMatchObject({ name: "tools", properties: { ...properties, fqdn: "tools.example" } });
  });

  test("an IP rule's address is ARM's 'value'", async () => {
    const rules = [{ action: "Allow", iPAddressOrRange: "10.0.0.0/8" }];
    const { outputs } = await bench.engine.create(urnOf("registry"), { ...registry, networkRuleSet: { defaultAction: "Deny", ipRules: rules } });
    const body = bench.arm.requests[1]?.body as { properties: { networkRuleSet: { ipRules: object[] } } };
    expect(body.properties.networkRuleSet.ipRules).toEqual([{ action: "Allow", value: "10.0.0.0/8" }]);
    expect(outputs["networkRuleSet"]).toEqual({ defaultAction: "Deny", ipRules: rules });
  });

  test("a secret value is sent, is not in the outputs, and what stands beside it stays secret", async () => {
    const { outputs } = await bench.engine.create(urnOf("app"), app);
    expect(outputs["configuration"]).toMatchObject({ ingress: { external: true, targetPort: 8000 } });
    expect((outputs["configuration"] as Record<string, unknown>)["secrets"]).toStrictEqual(new Secret([{ name: "key" }]));
    expect(JSON.stringify(outputs)).not.toContain("s3cret");
  });

  test("a role assignment's id begins with its scope", async () => {
    const scope = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/reg12`;
    const name = "11111111-2222-3333-4444-555555555555";
    const inputs = { scope, roleAssignmentName: name, principalId: "p", principalType: "ServicePrincipal", roleDefinitionId: "r" };
    const { id } = await bench.engine.create(urnOf("assignment"), inputs);
    expect(id).toBe(`${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`);
    expect(bench.arm.requests[1]?.body).toEqual({ properties: { principalId: "p", principalType: "ServicePrincipal", roleDefinitionId: "r" } });
  });

  test("refuses an id that is taken, and changes nothing", async () => {
    await bench.engine.create(urnOf("registry"), registry);
    bench.arm.requests.length = 0;
    await expect(bench.engine.create(urnOf("registry"), registry)).rejects.toThrow(
      `cannot create already existing resource '${GROUP}/providers/Microsoft.ContainerRegistry/registries/reg12'`,
    );
    expect(bench.arm.requests.map(({ method }) => method)).toEqual(["GET"]);
  });

  test("a request that ARM refuses leaves nothing in the state", async () => {
    bench.arm.refuse("PUT", { status: 409, headers: {}, body: { error: { code: "AlreadyInUse", message: "The registry DNS name is already in use." } } });
    const error = await bench.engine.create(urnOf("registry"), registry).catch((caught: unknown) => caught);
    expect((error as { details: string }).details).toBe('Status=409 Code="AlreadyInUse" Message="The registry DNS name is already in use."');
    expect(initFailureOf(error)).toBeUndefined();
  });
});

describe("an operation", () => {
  test("is followed to its end, with progress lines at the resource", async () => {
    const operation = bench.arm.holdNext();
    const created = bench.engine.create(urnOf("app"), app);
    operation.succeed();
    await created;
    expect(bench.arm.requests.filter(({ path }) => path.includes("/operationStatuses/")).length).toBeGreaterThanOrEqual(2);
    const line = { severity: "info", urn: urnOf("app"), ephemeral: true };
    expect(bench.engine.lines).toEqual([
      { ...line, message: "Azure: InProgress" },
      { ...line, message: "Azure: Succeeded" },
    ]);
  });

  test("that fails after it was accepted keeps the resource in the state, with what ARM says of it", async () => {
    const operation = bench.arm.holdNext();
    const created = bench.engine.create(urnOf("app"), app).catch((caught: unknown) => caught);
    operation.fail("ContainerAppOperationError", "Failed to provision revision for container app 'echo'.");
    const failure = initFailureOf(await created);
    expect(failure?.id).toBe(APP);
    expect(failure?.reasons).toEqual([`Status=200 Code="ContainerAppOperationError" Message="Failed to provision revision for container app 'echo'."`]);
    expect(failure?.outputs).toMatchObject({ name: "echo", environmentId: app.environmentId });
    expect(failure?.inputs).toStrictEqual(app);
  });

  test("of an update does so too", async () => {
    const { outputs } = await bench.engine.create(urnOf("app"), app);
    const operation = bench.arm.holdNext();
    const news = { ...app, template: { containers: [{ name: "echo", image: "localhost:5443/echo@sha256:2" }] } };
    const updated = bench.engine.update(urnOf("app"), { id: APP, inputs: news, oldInputs: app, oldOutputs: outputs }).catch((caught: unknown) => caught);
    operation.fail("X", "y");
    expect(initFailureOf(await updated)).toMatchObject({ id: APP, inputs: { template: news.template } });
  });

  test("of a deletion that fails leaves the resource in the state", async () => {
    const { outputs } = await bench.engine.create(urnOf("app"), app);
    const operation = bench.arm.holdNext();
    const deleted = bench.engine.delete(urnOf("app"), { id: APP, outputs }).catch((caught: unknown) => caught);
    operation.fail("ManagedEnvironmentHasBuilders", "still there");
    expect(((await deleted) as Error).message).toContain('Code="ManagedEnvironmentHasBuilders" Message="still there"');
  });

  test("outlives its custom timeout in Azure, not here", async () => {
    bench.arm.holdNext();
    const error = await bench.engine.create(urnOf("app"), app, { timeout: 0.2 }).catch((caught: unknown) => caught);
    expect(initFailureOf(error)?.reasons).toEqual([`operation timed out: '${APP}'`]);
    expect(bench.arm.documents.has(APP.toLowerCase())).toBe(true);
  });

  test("a conflict with another operation is repeated for ARM's own code only", async () => {
    const busy = (code: string) => ({ status: 409, headers: {}, body: { error: { code, message: "busy" } } });
    bench.arm.refuse("PUT", busy("AnotherOperationInProgress"));
    await bench.engine.create(urnOf("registry"), registry);
    bench.arm.refuse("PUT", busy("ContainerAppOperationInProgress"));
    await expect(bench.engine.create(urnOf("app"), app)).rejects.toThrow('Code="ContainerAppOperationInProgress"');
  });
});

describe("preview", () => {
  test("of a creation knows what the program gives and leaves the rest open, at every depth", async () => {
    const { outputs } = await bench.engine.create(urnOf("app"), { ...app, environmentId: unknown }, { preview: true });
    expect(bench.arm.requests).toEqual([]);
    expect(outputs).toMatchObject({ environmentId: unknown, latestRevisionName: unknown, name: unknown, location: "westeurope" });
    const { ingress } = outputs["configuration"] as { ingress: Record<string, unknown> };
    expect(ingress).toMatchObject({ external: true, targetPort: 8000 });
    expect(ingress["fqdn"]).toBe(unknown);
    const { containers } = outputs["template"] as { containers: Array<Record<string, unknown>> };
    expect(containers[0]?.["image"]).toBe("localhost:5443/echo@sha256:1");
  });

  test("keeps a secret secret", async () => {
    const environment = { resourceGroupName: "rg", environmentName: "env", location: "westeurope", daprAIInstrumentationKey: new Secret("k") };
    const { outputs } = await bench.engine.create(urnOf("environment"), environment, { preview: true });
    expect(outputs["daprAIInstrumentationKey"]).toStrictEqual(new Secret("k"));
  });

  test("of an update keeps name and location known", async () => {
    const { id, outputs: oldOutputs } = await bench.engine.create(urnOf("app"), app);
    const outputs = await bench.engine.update(urnOf("app"), { id, inputs: app, oldInputs: app, oldOutputs, preview: true });
    expect(outputs).toMatchObject({ name: "echo", location: "westeurope" });
    expect(outputs["latestRevisionName"]).toBe(unknown);
  });
});

test("delete is done when the resource is gone already", async () => {
  await bench.engine.delete(urnOf("app"), { id: APP, outputs: {} });
  bench.arm.refuse("DELETE", { status: 404, headers: {}, body: { error: { code: "ResourceNotFound", message: "gone" } } });
  await bench.engine.delete(urnOf("app"), { id: APP, outputs: {} });
});
