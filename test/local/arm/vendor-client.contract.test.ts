import { ContainerAppsAPIClient, type ContainerApp } from "@azure/arm-appcontainers";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { serveWorld, type ServedWorld } from "../../support/arm-server.ts";
import { ENVIRONMENT, IDENTITY, LOCATION, makePlatform } from "../../support/platform-bodies.ts";

/** Azure's own client for Container Apps, told nothing but an address, a token and whom to trust. */
let served: ServedWorld;
let client: ContainerAppsAPIClient;
beforeAll(async () => {
  served = await serveWorld();
  await makePlatform(served.world);
  const token = await served.callerToken();
  client = new ContainerAppsAPIClient(
    { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    served.world.tenant.subscriptionId,
    { endpoint: served.server.endpoint, tlsOptions: { ca: served.caPem }, retryOptions: { maxRetries: 0 } },
  );
});
afterAll(() => served.close());

const fast = { updateIntervalInMs: 20 };

const envelope = (change: Partial<ContainerApp> = {}): ContainerApp => {
  const identity = served.world.idOf(IDENTITY);
  return {
    location: LOCATION,
    tags: { "toolwharf-stack": "local" },
    identity: { type: "UserAssigned", userAssignedIdentities: { [identity]: {} } },
    environmentId: served.world.idOf(ENVIRONMENT),
    configuration: {
      ingress: { external: true, targetPort: 8000 },
      registries: [{ server: "localhost:5443", identity }],
      identitySettings: [{ identity, lifecycle: "None" }],
      secrets: [{ name: "key", value: "hidden" }],
    },
    template: {
      containers: [{ name: "weather", image: "localhost:5443/tools/weather@sha256:abc", resources: { cpu: 0.25, memory: "0.5Gi" }, probes: [{ type: "Readiness", httpGet: { path: "/health", port: 8000 } }] }],
      scale: { minReplicas: 0, maxReplicas: 10, rules: [{ name: "http", http: { metadata: { concurrentRequests: "100" } } }] },
    },
    ...change,
  };
};

const collect = async <T>(pages: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const one of pages) all.push(one);
  return all;
};

describe("@azure/arm-appcontainers", () => {
  test("makes an app and waits until it is there", async () => {
    const made = await client.containerApps.beginCreateOrUpdateAndWait("rg", "weather", envelope(), fast);
    expect(made).toMatchObject({
      name: "weather",
      provisioningState: "Succeeded",
      runningStatus: "Running",
      latestRevisionName: "weather--abc1234",
      configuration: { activeRevisionsMode: "Single", ingress: { fqdn: "weather.calmsea-0123abcd.westeurope.azurecontainerapps.localhost" }, secrets: [{ name: "key" }] },
    });
    expect(made.systemData?.createdAt).toBeInstanceOf(Date);
  });

  test("reads it, and lists it", async () => {
    const read = await client.containerApps.get("rg", "weather");
    expect(read).toMatchObject({ name: "weather", type: "Microsoft.App/containerApps", template: { scale: { maxReplicas: 10 } } });
    expect(Object.values(read.identity!.userAssignedIdentities!)).toEqual([{ principalId: expect.any(String), clientId: expect.any(String) }]);
    expect((await collect(client.containerApps.listByResourceGroup("rg"))).map(({ name }) => name)).toEqual(["weather"]);
    expect((await collect(client.containerApps.listBySubscription())).map(({ name }) => name)).toEqual(["weather"]);
  });

  test("changes it with a PATCH", async () => {
    const changed = await client.containerApps.beginUpdateAndWait("rg", "weather", { location: LOCATION, template: { scale: { maxReplicas: 3 } } }, fast);
    expect(changed).toMatchObject({ provisioningState: "Succeeded", template: { scale: { maxReplicas: 3 }, containers: [{ name: "weather" }] } });
  });

  test("replaces it with a PUT", async () => {
    const replaced = await client.containerApps.beginCreateOrUpdateAndWait("rg", "weather", envelope({ tags: { a: "b" } }), fast);
    expect(replaced).toMatchObject({ tags: { a: "b" }, template: { scale: { maxReplicas: 10 } } });
  });

  test("lists its secrets and gets its token", async () => {
    expect((await client.containerApps.listSecrets("rg", "weather")).value).toEqual([{ name: "key", value: "hidden" }]);
    const token = await client.containerApps.getAuthToken("rg", "weather");
    expect(token.token).toMatch(/^[-_A-Za-z0-9]{43}$/);
    expect(token.expires!.getTime()).toBeGreaterThan(Date.now());
  });

  test("reads revisions and replicas, and restarts one", async () => {
    const app = served.world.idOf("Microsoft.App/containerApps/weather");
    const name = "weather--abc1234";
    served.world.hosts.revisionsOf.set(app, [{ id: `${app}/revisions/${name}`, name, type: "Microsoft.App/containerApps/revisions", properties: { active: true, healthState: "Healthy", createdTime: "2026-01-01T00:00:00Z" } }]);
    served.world.hosts.replicasOf.set(name, [{ id: `${app}/revisions/${name}/replicas/p`, name: "p", type: "Microsoft.App/containerApps/revisions/replicas", properties: { containers: [{ name: "weather", ready: true }] } }]);
    expect(await collect(client.containerAppsRevisions.listRevisions("rg", "weather"))).toMatchObject([{ name, healthState: "Healthy", createdTime: new Date("2026-01-01T00:00:00Z") }]);
    expect(await client.containerAppsRevisions.getRevision("rg", "weather", name)).toMatchObject({ active: true });
    expect((await client.containerAppsRevisionReplicas.listReplicas("rg", "weather", name)).value).toMatchObject([{ name: "p", containers: [{ name: "weather", logStreamEndpoint: expect.stringContaining("/logstream") }] }]);
    await client.containerAppsRevisions.restartRevision("rg", "weather", name);
    expect(served.world.hosts.calls.at(-1)).toBe(`apps.restartRevision ${app} ${name}`);
  });

  test("tells a refusal with ARM's code and text", async () => {
    await expect(client.containerApps.beginCreateOrUpdateAndWait("rg", "My--App", envelope(), fast)).rejects.toMatchObject({
      statusCode: 400,
      code: "ContainerAppInvalidName",
      message: expect.stringMatching(/^Invalid ContainerApp name 'My--App'/),
    });
    await expect(client.containerApps.get("rg", "none")).rejects.toMatchObject({ statusCode: 404, code: "ResourceNotFound" });
  });

  test("tells why an operation failed", async () => {
    const { ArmError } = await import("../../../local/arm/errors.ts");
    served.world.hosts.before = async () => {
      throw new ArmError("ContainerAppOperationError", "Failed to provision revision for container app 'weather'. Error details: ...");
    };
    const failing = client.containerApps.beginCreateOrUpdateAndWait("rg", "weather", envelope(), fast);
    await expect(failing).rejects.toThrow(/Failed to provision revision for container app 'weather'/);
    served.world.hosts.before = async () => {};
  });

  test("reads, makes and removes an environment", async () => {
    expect(await client.managedEnvironments.get("rg", "env")).toMatchObject({ defaultDomain: expect.stringMatching(/\.azurecontainerapps\.localhost$/), provisioningState: "Succeeded" });
    const made = await client.managedEnvironments.beginCreateOrUpdateAndWait("rg", "second", { location: LOCATION }, fast);
    expect(made).toMatchObject({ provisioningState: "Succeeded", staticIp: "127.0.0.1" });
    await client.managedEnvironments.beginDeleteAndWait("rg", "second", fast);
    await expect(client.managedEnvironments.get("rg", "second")).rejects.toMatchObject({ statusCode: 404 });
    await expect(client.managedEnvironments.beginDeleteAndWait("rg", "env", fast)).rejects.toMatchObject({ statusCode: 409, code: "ManagedEnvironmentHasContainerApps" });
  });

  test("makes, reads, lists and removes path routes", async () => {
    const rule = { routes: [{ match: { path: "/tools/weather" }, action: { prefixRewrite: "/" } }], targets: [{ containerApp: "weather", label: "blue" }] };
    const routes = client.httpRouteConfigOperations;
    const made = await routes.createOrUpdate("rg", "env", "tools", { httpRouteConfigEnvelope: { properties: { rules: [rule] } } });
    expect(made).toMatchObject({ name: "tools", properties: { provisioningState: "Succeeded", fqdn: "tools.calmsea-0123abcd.westeurope.azurecontainerapps.localhost", rules: [rule] } });
    expect(await routes.get("rg", "env", "tools")).toEqual(made);
    expect(await collect(routes.list("rg", "env"))).toEqual([made]);
    await routes.beginDeleteAndWait("rg", "env", "tools", fast);
    await expect(routes.get("rg", "env", "tools")).rejects.toMatchObject({ statusCode: 404, code: "ResourceNotFound" });
    await expect(routes.createOrUpdate("rg", "env", "my-tools", { httpRouteConfigEnvelope: {} })).rejects.toThrow("The http route config name 'my-tools' is invalid.");
  });

  test("removes the app and waits until it is gone", async () => {
    await client.containerApps.beginDeleteAndWait("rg", "weather", fast);
    await expect(client.containerApps.get("rg", "weather")).rejects.toMatchObject({ statusCode: 404 });
  });

  test("makes, reads, lists and deletes a storage of an environment", async () => {
    const storages = client.managedEnvironmentsStorages;
    const azureFile = { accountName: "wharfdata", accountKey: "a2V5", shareName: "notes", accessMode: "ReadOnly" };
    const made = await storages.createOrUpdate("rg", "env", "data", { properties: { azureFile } });
    const { accountKey: _secret, ...shown } = azureFile;
    expect(made).toMatchObject({ name: "data", type: "Microsoft.App/managedEnvironments/storages", properties: { azureFile: shown } });
    expect(made.properties!.azureFile!.accountKey).toBeUndefined();
    expect(await storages.get("rg", "env", "data")).toEqual(made);
    expect((await storages.list("rg", "env")).value).toEqual([made]);
    await storages.delete("rg", "env", "data");
    await expect(storages.get("rg", "env", "data")).rejects.toMatchObject({ statusCode: 404, code: "ManagedEnvironmentStorageNotFound" });
  });
});
