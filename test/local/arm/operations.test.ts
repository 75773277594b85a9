import { describe, expect, test } from "@jest/globals";
import { ArmError } from "../../../local/arm/errors.ts";
import { objectOf } from "../../../local/arm/json.ts";
import type { ArmResponse } from "../../../local/arm/arm.ts";
import { errorOf, openWorld, type World } from "../../support/arm-world.ts";
import { appBody, ENVIRONMENT, LOCATION, makePlatform, REGISTRY } from "../../support/platform-bodies.ts";

const APP = "Microsoft.App/containerApps/weather";

async function platform(): Promise<World> {
  const world = openWorld();
  await makePlatform(world);
  return world;
}

/** Makes the host wait at its next call, until the answered function is called. */
function hold(world: World): () => void {
  let release!: () => void;
  const held = new Promise<void>((resolve) => (release = resolve));
  world.hosts.before = () => held;
  return release;
}

async function statusOf(world: World, { headers }: ArmResponse): Promise<Record<string, unknown>> {
  const { pathname, search } = new URL(headers["azure-asyncoperation"]!);
  return objectOf((await world.ask("GET", pathname + search)).body);
}

const stateOf = async (world: World, path: string) => objectOf(objectOf((await world.ask("GET", path)).body)["properties"])["provisioningState"];

describe("a long-running operation", () => {
  test("answers at once and goes on afterwards", async () => {
    const world = await platform();
    const release = hold(world);
    const answer = await world.ask("PUT", APP, appBody(world));
    expect(answer.status).toBe(201);
    expect(answer.headers["azure-asyncoperation"]).toMatch(
      /^https:\/\/management\.azure\.com\/subscriptions\/[^/]+\/providers\/Microsoft\.App\/locations\/westeurope\/operationStatuses\/[-0-9a-f]{36}\?api-version=2025-07-01$/,
    );
    expect(await statusOf(world, answer)).toMatchObject({ status: "InProgress" });
    expect(await stateOf(world, APP)).toBe("InProgress");

    release();
    await world.arm.idle();
    expect(await statusOf(world, answer)).toMatchObject({ status: "Succeeded", endTime: expect.any(String) });
    expect(await stateOf(world, APP)).toBe("Succeeded");
  });

  test("an update answers 200", async () => {
    const world = await platform();
    await world.must("PUT", APP, appBody(world));
    expect((await world.ask("PUT", APP, appBody(world))).status).toBe(200);
    await world.arm.idle();
  });

  test("links begin with the address that was asked", async () => {
    const world = await platform();
    const { path, query } = { path: world.idOf(APP), query: new URLSearchParams("api-version=2025-01-01") };
    const answer = await world.arm.handle({ method: "PUT", path, query, principalId: world.tenant.callerPrincipalId, endpoint: "https://localhost:8444", body: appBody(world) });
    expect(answer.headers["azure-asyncoperation"]).toMatch(/^https:\/\/localhost:8444\/subscriptions\/.*\?api-version=2025-01-01$/);
    await world.arm.idle();
  });

  test("a refusal of the host fails the operation, not the PUT, and the app stays as asked", async () => {
    const world = await platform();
    world.hosts.before = async () => {
      throw new ArmError("ContainerAppOperationError", "Failed to provision revision for container app 'weather'. Error details: ...");
    };
    const answer = await world.ask("PUT", APP, appBody(world));
    expect(answer.status).toBe(201);
    await world.arm.idle();
    expect(await statusOf(world, answer)).toMatchObject({ status: "Failed", error: { code: "ContainerAppOperationError", message: expect.stringMatching(/^Failed to provision revision/) } });
    expect(await stateOf(world, APP)).toBe("Failed");

    world.hosts.before = async () => {};
    await world.must("PUT", APP, appBody(world));
    expect(await stateOf(world, APP)).toBe("Succeeded");
  });

  test("a fault of the host is not shown to the client; the log has it", async () => {
    const world = await platform();
    world.hosts.before = async () => {
      throw new TypeError("secret detail of the machine");
    };
    const answer = await world.ask("PUT", APP, appBody(world));
    await world.arm.idle();
    expect(JSON.stringify(await statusOf(world, answer))).not.toMatch(/secret detail/);
    expect(await statusOf(world, answer)).toMatchObject({ status: "Failed", error: { code: "InternalServerError" } });
    expect(world.log.join()).toMatch(/apply of .*weather failed: TypeError: secret detail/);
  });

  test("a PATCH and a DELETE link to their result", async () => {
    const world = await platform();
    await world.must("PUT", APP, appBody(world));
    const patch = await world.ask("PATCH", APP, { tags: { a: "b" } });
    expect(patch.status).toBe(202);
    const result = async ({ headers }: ArmResponse) => {
      const { pathname, search } = new URL(headers["location"]!);
      return world.ask("GET", pathname + search);
    };
    expect((await result(patch)).status).toBe(202);
    await world.arm.idle();
    expect(await result(patch)).toMatchObject({ status: 200, body: { name: "weather", tags: { a: "b" } } });

    const remove = await world.ask("DELETE", APP);
    expect(remove.status).toBe(202);
    expect(await stateOf(world, APP)).toBe("Deleting");
    await world.arm.idle();
    expect((await result(remove)).status).toBe(204);
    expect((await world.ask("GET", APP)).status).toBe(404);
  });

  test("a removal that fails leaves the app as Failed, and can be asked for again", async () => {
    const world = await platform();
    await world.must("PUT", APP, appBody(world));
    world.hosts.before = async () => {
      throw new ArmError("ContainerAppOperationError", "the engine does not answer");
    };
    const answer = await world.ask("DELETE", APP);
    await world.arm.idle();
    expect(await statusOf(world, answer)).toMatchObject({ status: "Failed", error: { message: "the engine does not answer" } });
    expect(await stateOf(world, APP)).toBe("Failed");
    const result = new URL(answer.headers["location"]!);
    expect(errorOf(await world.ask("GET", result.pathname + result.search))).toMatchObject({ status: 409, code: "ContainerAppOperationError" });

    world.hosts.before = async () => {};
    await world.must("DELETE", APP);
    expect((await world.ask("GET", APP)).status).toBe(404);
  });

  test("one that is not known is not found", async () => {
    const world = await platform();
    const path = `/subscriptions/${world.tenant.subscriptionId}/providers/Microsoft.App/locations/${LOCATION}/operationStatuses/none`;
    expect(errorOf(await world.ask("GET", path))).toMatchObject({ status: 404, code: "OperationNotFound" });
  });
});

describe("one operation at a time", () => {
  test("an app in operation refuses a PUT, a PATCH and a DELETE", async () => {
    const world = await platform();
    const release = hold(world);
    const first = await world.ask("PUT", APP, appBody(world));
    const [, id] = /operationStatuses\/([^?]+)/.exec(first.headers["azure-asyncoperation"]!)!;
    const refusal = { status: 409, code: "ContainerAppOperationInProgress", message: `Cannot modify a container app 'weather' because there is an active provisioning operation in progress. OperationId: '${id}'.` };
    expect(errorOf(await world.ask("PUT", APP, appBody(world)))).toEqual(refusal);
    expect(errorOf(await world.ask("PATCH", APP, {}))).toEqual(refusal);
    expect(errorOf(await world.ask("DELETE", APP))).toEqual(refusal);
    release();
    await world.arm.idle();
    expect(world.hosts.calls.filter((call) => call.startsWith("apps."))).toHaveLength(1);
  });

  test("apps of one environment are worked on side by side", async () => {
    const world = await platform();
    const release = hold(world);
    await world.ask("PUT", APP, appBody(world));
    expect((await world.ask("PUT", "Microsoft.App/containerApps/other", appBody(world))).status).toBe(201);
    release();
    await world.arm.idle();
  });

  test("an environment in operation refuses another, and refuses apps", async () => {
    const world = await platform();
    const release = hold(world);
    await world.ask("PUT", ENVIRONMENT, { location: LOCATION, properties: {} });
    expect(errorOf(await world.ask("PUT", ENVIRONMENT, { location: LOCATION, properties: {} }))).toEqual({
      status: 409,
      code: "ManagedEnvironmentOperationInProgress",
      message: "Cannot modify Container Apps environment env because another operation is in progress.",
    });
    expect(errorOf(await world.ask("PUT", APP, appBody(world)))).toEqual({
      status: 400,
      code: "ManagedEnvironmentNotProvisioned",
      message: `The environment '${world.idOf(ENVIRONMENT)}' has not been provisioned successfully.`,
    });
    release();
    await world.arm.idle();
  });

  test("an environment that failed takes no apps until it is mended", async () => {
    const world = await platform();
    world.hosts.before = async () => {
      throw new ArmError("ManagedEnvironmentProvisioningError", "no network");
    };
    const { workloadProfiles } = objectOf(objectOf((await world.ask("GET", ENVIRONMENT)).body)["properties"]);
    await world.ask("PUT", ENVIRONMENT, { location: LOCATION, properties: { workloadProfiles } });
    await world.arm.idle();
    expect(errorOf(await world.ask("PUT", APP, appBody(world)))).toMatchObject({ code: "ManagedEnvironmentNotProvisioned" });
    world.hosts.before = async () => {};
    await world.must("PUT", ENVIRONMENT, { location: LOCATION, properties: { workloadProfiles } });
    expect((await world.ask("PUT", APP, appBody(world))).status).toBe(201);
    await world.arm.idle();
  });

  test("a registry in operation refuses with the code that clients repeat on", async () => {
    const world = await platform();
    const release = hold(world);
    const body = { location: LOCATION, sku: { name: "Basic" }, properties: {} };
    await world.ask("PUT", REGISTRY, body);
    expect(errorOf(await world.ask("PUT", REGISTRY, body))).toMatchObject({ status: 409, code: "AnotherOperationInProgress" });
    release();
    await world.arm.idle();
  });

  test("a second DELETE joins the first", async () => {
    const world = await platform();
    await world.must("PUT", APP, appBody(world));
    const release = hold(world);
    const [first, second] = [await world.ask("DELETE", APP), await world.ask("DELETE", APP)];
    expect(second.status).toBe(202);
    expect(second.headers["azure-asyncoperation"]).toBe(first.headers["azure-asyncoperation"]);
    release();
    await world.arm.idle();
    expect(world.hosts.calls.filter((call) => call.startsWith("apps.remove"))).toHaveLength(1);
  });
});

test("operations that ended more than a day ago are dropped at the next start", async () => {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const world = openWorld({ clock: () => now });
  await makePlatform(world);
  expect(world.store.list("operations/")).toHaveLength(3);
  now += 25 * 60 * 60 * 1000;
  await world.arm.resume();
  expect(world.store.list("operations/")).toEqual([]);
});

test("of many operations the newest hundred are kept, and all of the last minute", async () => {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const world = openWorld({ clock: () => now });
  await makePlatform(world);
  const ends = () => world.store.list<{ endTime: string }>("operations/").map(({ value }) => Date.parse(value.endTime)).sort();
  const cycles = async (count: number, seconds: number) => {
    for (let cycle = 0; cycle < count; cycle += 1) {
      await world.must("PUT", APP, appBody(world));
      await world.must("DELETE", APP);
      now += seconds * 1000;
    }
  };
  await cycles(200, 10);
  expect(ends().length).toBeLessThan(160);
  const newest = ends().slice(-100);
  await world.arm.resume();
  expect(ends()).toEqual(newest);

  await cycles(150, 0.1);
  await world.arm.resume();
  // Those of the minute before, too: ten seconds apart, two a cycle.
  expect(ends().length).toBeGreaterThanOrEqual(300);
  expect(ends().length).toBeLessThanOrEqual(312);
});

describe("failure switches", () => {
  test("operation-in-progress refuses writes of its app in Azure's words, as often as was said, and begins nothing", async () => {
    const world = openWorld();
    await makePlatform(world);
    world.faults.set({ name: "operation-in-progress", target: "weather", timesLeft: 2 });
    const calls = world.hosts.calls.length;
    await world.must("PUT", "Microsoft.App/containerApps/other", appBody(world));
    for (const method of ["PUT", "PUT"]) {
      expect(errorOf(await world.ask(method, "Microsoft.App/containerApps/weather", appBody(world)))).toEqual({
        status: 409,
        code: "ContainerAppOperationInProgress",
        message: expect.stringMatching(/^Cannot modify a container app 'weather' because there is an active provisioning operation in progress\. OperationId: '[0-9a-f-]{36}'\.$/),
      });
    }
    expect(world.hosts.calls.length).toBe(calls + 1);
    await world.must("PUT", "Microsoft.App/containerApps/weather", appBody(world));
  });

  test("role propagation: an assignment made meanwhile has no effect until then", async () => {
    let now = Date.now();
    const world = openWorld({ clock: () => now });
    await makePlatform(world);
    const somebody = "aaaaaaaa-0000-0000-0000-000000000001";
    const reads = async () => (await world.ask("GET", REGISTRY, undefined, somebody)).status;
    const grant = (name: string) =>
      world.must("PUT", `${world.group}/providers/Microsoft.Authorization/roleAssignments/${name}-0000-0000-0000-000000000000`, {
        properties: { principalId: somebody, principalType: "ServicePrincipal", roleDefinitionId: "/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7" },
      });
    world.faults.set({ name: "role-propagation-slow", seconds: 30 });
    now += 1;
    await grant("00000001");
    expect(await reads()).toBe(403);
    now += 30_000;
    expect(await reads()).toBe(200);
  });
});
