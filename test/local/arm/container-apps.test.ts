import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "@jest/globals";
import { objectOf, type JsonObject } from "../../../local/arm/json.ts";
import { errorOf, openWorld, type World, type WorldOptions } from "../../support/arm-world.ts";
import { appBody, ENVIRONMENT, IDENTITY, makePlatform, REGISTRY } from "../../support/platform-bodies.ts";

const APP = "Microsoft.App/containerApps/weather";
const REVISION = "weather--abc1234";
const REPLICA = "weather--abc1234-5d9c-x7k2p";

async function running(options: WorldOptions = {}, change: JsonObject = {}): Promise<World> {
  const world = openWorld(options);
  await makePlatform(world);
  await world.must("PUT", APP, appBody(world, change));
  const id = world.idOf(APP);
  const document = (type: string, name: string, properties: JsonObject) => ({ id: `${id}/${type}/${name}`, name, type: `Microsoft.App/containerApps/${type}`, properties });
  world.hosts.revisionsOf.set(id, [document("revisions", "weather--old1234", { active: false }), document("revisions", REVISION, { active: true })]);
  world.hosts.replicasOf.set(REVISION, [document("revisions/replicas", REPLICA, { containers: [{ name: "weather", ready: true }] })]);
  return world;
}

describe("what the host is given", () => {
  test("the whole app: secrets, and the principals of its identities", async () => {
    const world = await running({}, { properties: { configuration: { secrets: [{ name: "key", value: "hidden" }] } } });
    expect(world.hosts.applied).toMatchObject([
      {
        id: world.idOf(APP),
        identity: { userAssignedIdentities: { [world.idOf("Microsoft.ManagedIdentity/userAssignedIdentities/puller")]: { principalId: expect.any(String), clientId: expect.any(String) } } },
        properties: { configuration: { secrets: [{ name: "key", value: "hidden" }] }, template: { containers: [{ name: "weather" }] } },
      },
    ]);
  });

  test("the same template for the same request, so that a repeated PUT makes no revision", async () => {
    const world = await running();
    await world.must("PUT", APP, appBody(world));
    const [first, second] = world.hosts.applied.map(({ properties }) => properties["template"]);
    expect(second).toEqual(first);
  });

  test("nothing, when the PUT is refused", async () => {
    const world = await running();
    world.hosts.calls.length = 0;
    await world.ask("PUT", APP, appBody(world, { properties: { template: { scale: { maxReplicas: 0 } } } }));
    await world.arm.idle();
    expect(world.hosts.calls).toEqual([]);
    expect((await world.ask("GET", APP)).body).toMatchObject({ properties: { provisioningState: "Succeeded", template: { scale: { maxReplicas: 10 } } } });
  });
});

test.each([APP, ENVIRONMENT, REGISTRY, IDENTITY])("what a GET of %s answers can be PUT back", async (path) => {
  const world = await running();
  const { body } = await world.ask("GET", path);
  await world.must("PUT", path, body);
  const { systemData: _before, ...before } = objectOf(body);
  const { systemData: _after, ...after } = objectOf((await world.ask("GET", path)).body);
  expect(after).toEqual(before);
});

test("no answer but that to listSecrets has a secret's value", async () => {
  const world = await running({}, { properties: { configuration: { secrets: [{ name: "key", value: "hidden-value" }] } } });
  await world.must("PUT", "Microsoft.App/managedEnvironments/logged", {
    location: "westeurope",
    properties: { appLogsConfiguration: { destination: "log-analytics", logAnalyticsConfiguration: { customerId: "id", sharedKey: "hidden-value" } } },
  });
  const asked = [
    ["GET", APP],
    ["GET", "Microsoft.App/containerApps"],
    ["PATCH", APP],
    ["GET", `${APP}/revisions`],
    ["GET", `${world.group}/resources`],
    ["GET", "Microsoft.App/managedEnvironments/logged"],
    ["GET", "Microsoft.App/managedEnvironments"],
    ["PATCH", "Microsoft.App/managedEnvironments/logged"],
  ] as const;
  for (const [method, path] of asked) expect(JSON.stringify(await world.ask(method, path, {}))).not.toMatch(/hidden-value/);
  await world.arm.idle();
  expect((await world.ask("POST", `${APP}/listSecrets`)).body).toEqual({ value: [{ name: "key", value: "hidden-value" }] });
});

describe("revisions and replicas", () => {
  test("are listed and read", async () => {
    const world = await running();
    expect((await world.ask("GET", `${APP}/revisions`)).body).toMatchObject({ value: [{ name: "weather--old1234" }, { name: REVISION }] });
    expect((await world.ask("GET", `${APP}/revisions/${REVISION.toUpperCase()}`)).body).toMatchObject({ name: REVISION });
    expect((await world.ask("GET", `${APP}/revisions/${REVISION}/replicas/${REPLICA}`)).body).toMatchObject({ name: REPLICA });
    expect(errorOf(await world.ask("GET", `${APP}/revisions/none`))).toMatchObject({ status: 404, code: "RevisionNotFound" });
    expect(errorOf(await world.ask("GET", `${APP}/revisions/${REVISION}/replicas/none`))).toMatchObject({ status: 404, code: "ReplicaNotFound" });
    expect(errorOf(await world.ask("GET", "Microsoft.App/containerApps/none/revisions"))).toMatchObject({ status: 404, code: "ResourceNotFound" });
  });

  test.each(["activate", "deactivate", "restart"])("%s asks the host", async (action) => {
    const world = await running();
    expect((await world.ask("POST", `${APP}/revisions/${REVISION}/${action}`)).status).toBe(200);
    expect(world.hosts.calls.at(-1)).toBe(`apps.${action}Revision ${world.idOf(APP)} ${REVISION}`);
    expect((await world.ask("POST", `${APP}/revisions/none/${action}`)).status).toBe(404);
  });
});

describe("logs", () => {
  async function endpointOf(world: World): Promise<URL> {
    const { body } = await world.ask("GET", `${APP}/revisions/${REVISION}/replicas`);
    const [replica] = objectOf(body)["value"] as Array<{ properties: { containers: Array<{ logStreamEndpoint: string }> } }>;
    return new URL(replica!.properties.containers[0]!.logStreamEndpoint);
  }
  async function tokenOf(world: World, app = APP): Promise<string> {
    const { body } = await world.ask("POST", `${app}/getAuthtoken`);
    return (objectOf(body)["properties"] as { token: string }).token;
  }
  const read = (world: World, url: URL, token?: string) => world.arm.readLog({ path: url.pathname, query: url.searchParams, token });

  test("are read at the address that the replica names, with the app's token", async () => {
    const world = await running();
    world.hosts.log = "listening on 8000\n";
    const url = await endpointOf(world);
    url.searchParams.set("tailLines", "5");
    expect(world.arm.isLogPath(url.pathname)).toBe(true);
    expect(await read(world, url, await tokenOf(world))).toEqual({ status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: "listening on 8000\n" });
    expect(world.hosts.calls.at(-1)).toBe(`apps.logs ${world.idOf(APP)} ${REVISION} ${REPLICA} weather 5`);
  });

  test("are 20 lines unless asked otherwise, 300 at most", async () => {
    const world = await running();
    const [url, token] = [await endpointOf(world), await tokenOf(world)];
    await read(world, url, token);
    expect(world.hosts.calls.at(-1)).toMatch(/ 20$/);
    for (const lines of ["0", "301", "many"]) {
      url.searchParams.set("tailLines", lines);
      expect(errorOf(await read(world, url, token))).toMatchObject({ status: 400, code: "InvalidParameter" });
    }
  });

  test("need a token, of this app, that has not expired and is not ARM's", async () => {
    let now = Date.now();
    const world = await running({ clock: () => now });
    await world.must("PUT", "Microsoft.App/containerApps/other", appBody(world));
    const url = await endpointOf(world);
    const [own, foreign] = [await tokenOf(world), await tokenOf(world, "Microsoft.App/containerApps/other")];
    expect((await read(world, url)).status).toBe(401);
    expect((await read(world, url, foreign)).status).toBe(401);
    expect((await read(world, url, "guess")).status).toBe(401);
    expect((await read(world, url, own)).status).toBe(200);
    now += 3600 * 1000;
    expect((await read(world, url, own)).status).toBe(401);
  });

  test("the token outlives a restart but not the app, and is stored only as a hash", async () => {
    const world = await running();
    const [url, token] = [await endpointOf(world), await tokenOf(world)];
    expect(JSON.stringify(world.store.list("")).toLowerCase()).not.toContain(token.toLowerCase());
    const restarted = openWorld({ store: world.store, hosts: world.hosts });
    expect((await read(restarted, url, token)).status).toBe(200);
    await world.must("DELETE", APP);
    expect((await read(world, url, token)).status).toBe(401);
  });

  test.each(["true", ""])("are followed with follow=%j, as a stream", async (follow) => {
    const world = await running();
    world.hosts.log = "listening on 8000\n";
    const url = await endpointOf(world);
    url.searchParams.set("follow", follow);
    const { status, body } = await read(world, url, await tokenOf(world));
    expect([status, await text(body as Readable)]).toEqual([200, "listening on 8000\n"]);
    expect(world.hosts.calls.at(-1)).toBe(`apps.followLogs ${world.idOf(APP)} ${REVISION} ${REPLICA} weather 20`);
    expect((await read(world, url, "guess")).status).toBe(401);
  });
});
