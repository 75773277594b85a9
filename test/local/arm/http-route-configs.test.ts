import { beforeEach, describe, expect, test } from "@jest/globals";
import { ROLES } from "../../../local/arm/authorization/roles.ts";
import { objectOf } from "../../../local/arm/json.ts";
import { errorOf, openWorld, type World } from "../../support/arm-world.ts";
import { appBody, CONSUMPTION_PROFILE, ENVIRONMENT, LOCATION, makePlatform } from "../../support/platform-bodies.ts";
import { memoryStore } from "../../support/memory-store.ts";

const CONFIG = `${ENVIRONMENT}/httpRouteConfigs/tools`;
const APP = "Microsoft.App/containerApps/weather";
const SOMEBODY = "aaaaaaaa-0000-0000-0000-000000000001";
const body = { properties: { rules: [{ routes: [{ match: { prefix: "/" } }], targets: [{ containerApp: "weather" }] }] } };
const store = memoryStore();
let world: World;

const routed = () => world.hosts.calls.filter((call) => call.startsWith("httpRoutes"));
const find = (path: string) => world.ask("GET", path).then(({ status }) => status);

beforeEach(async () => {
  world = openWorld();
  await makePlatform(world);
  await world.must("PUT", APP, appBody(world));
});

describe("a route config", () => {
  test("is made with 201, changed with 200, removed with 200, and is then not there", async () => {
    const statuses = [];
    for (const method of ["PUT", "PUT", "DELETE", "DELETE"]) statuses.push((await world.ask(method, CONFIG, method === "PUT" ? body : undefined)).status);
    expect(statuses).toEqual([201, 200, 200, 204]);
    expect(await find(CONFIG)).toBe(404);
    const id = world.idOf(CONFIG);
    expect(routed()).toEqual([`httpRoutes.apply ${id}`, `httpRoutes.apply ${id}`, `httpRoutes.remove ${id}`]);
  });

  test("keeps its name as it was first written, its author, and no location or tags", async () => {
    const made = await world.must("PUT", CONFIG, body);
    const changed = await world.must("PUT", `${ENVIRONMENT}/HTTPROUTECONFIGS/TOOLS`, { ...body, location: LOCATION, tags: { a: "b" } });
    expect(changed).toEqual({ ...made, systemData: { ...made.systemData, lastModifiedAt: expect.any(String) } });
    expect(Object.keys(made).sort()).toEqual(["id", "name", "properties", "systemData", "type"]);
  });

  test("is not among the resources of its group, as it has no location", async () => {
    await world.must("PUT", CONFIG, body);
    const listed = objectOf((await world.ask("GET", `${world.group}/resources?api-version=2021-04-01`)).body)["value"] as Array<{ type: string }>;
    expect(listed.map(({ type }) => type)).toContain("Microsoft.App/managedEnvironments");
    expect(listed.map(({ type }) => type)).not.toContain("Microsoft.App/managedEnvironments/httpRouteConfigs");
  });

  test("goes with its environment, and with the group", async () => {
    await world.must("PUT", CONFIG, body);
    await world.must("DELETE", APP);
    await world.must("DELETE", ENVIRONMENT);
    expect(routed().at(-1)).toBe(`httpRoutes.remove ${world.idOf(CONFIG)}`);
    await world.must("PUT", ENVIRONMENT, { location: LOCATION, properties: { workloadProfiles: CONSUMPTION_PROFILE } });
    expect(await find(CONFIG)).toBe(404);

    await world.must("PUT", CONFIG, { properties: {} });
    await world.must("DELETE", world.group);
    expect(routed().slice(-2)).toEqual([`httpRoutes.apply ${world.idOf(CONFIG)}`, `httpRoutes.remove ${world.idOf(CONFIG)}`]);
  });

  test("waits for an operation on its environment", async () => {
    await world.must("PUT", CONFIG, body);
    const busy = { status: 409, code: "ManagedEnvironmentOperationInProgress", message: expect.any(String) };
    let end!: () => void;
    const ended = new Promise<void>((resolve) => (end = resolve));
    world.hosts.before = () => ended;
    await world.ask("PATCH", ENVIRONMENT, { tags: { a: "b" } });
    expect(errorOf(await world.ask("PUT", CONFIG, body))).toEqual(busy);
    expect(errorOf(await world.ask("DELETE", CONFIG))).toEqual(busy);
    end();
    await world.arm.idle();
    expect((await world.ask("PUT", CONFIG, body)).status).toBe(200);
  });

  test("is real again after a restart", async () => {
    const before = openWorld({ store });
    await makePlatform(before);
    await before.must("PUT", APP, appBody(before));
    await before.must("PUT", CONFIG, body);
    const after = openWorld({ store });
    await after.arm.resume();
    expect(after.hosts.calls).toEqual([`httpRoutes.apply ${after.idOf(CONFIG)}`]);
  });
});

describe("rights", () => {
  test.each([
    ["Reader", 200, 403],
    ["Container Apps Contributor", 200, 403],
    ["Container Apps ManagedEnvironments Contributor", 200, 200],
  ])("%s", async (role, read, written) => {
    await world.must("PUT", CONFIG, body);
    const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${ROLES.find(({ name }) => name === role)!.id}`;
    await world.must("PUT", `${world.idOf(ENVIRONMENT)}/providers/Microsoft.Authorization/roleAssignments/11111111-0000-0000-0000-000000000000`, {
      properties: { principalId: SOMEBODY, roleDefinitionId, principalType: "ServicePrincipal" },
    });
    expect((await world.ask("GET", CONFIG, undefined, SOMEBODY)).status).toBe(read);
    const answer = await world.ask("PUT", CONFIG, body, SOMEBODY);
    expect(answer.status).toBe(written);
    if (written === 403) expect(errorOf(answer)).toMatchObject({ message: expect.stringContaining("'Microsoft.App/managedEnvironments/httpRouteConfigs/write'") });
  });
});
