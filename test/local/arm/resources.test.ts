import { describe, expect, test } from "@jest/globals";
import { objectOf } from "../../../local/arm/json.ts";
import { listAssignments } from "../../../local/arm/authorization/assignments.ts";
import { openPrincipals } from "../../../local/entra/principals.ts";
import { errorOf, openWorld, type World } from "../../support/arm-world.ts";
import { appBody, ENVIRONMENT, IDENTITY, LOCATION, makePlatform, REGISTRY } from "../../support/platform-bodies.ts";

const APP = "Microsoft.App/containerApps/weather";

async function platform(): Promise<World> {
  const world = openWorld();
  await makePlatform(world);
  return world;
}

interface Listed {
  name: string;
  type: string;
  tags?: Record<string, string>;
}
const listed = async (world: World, path: string) => objectOf((await world.ask("GET", path)).body)["value"] as Listed[];
const names = async (world: World, path: string) => (await listed(world, path)).map(({ name }) => name);

describe("lists of resources", () => {
  test("a group's resources come without their properties", async () => {
    const world = await platform();
    const resources = await listed(world, `${world.group}/resources`);
    expect(resources.map(({ type }) => type)).toEqual(["Microsoft.App/managedEnvironments", "Microsoft.App/managedEnvironments", "Microsoft.ContainerRegistry/registries", "Microsoft.ManagedIdentity/userAssignedIdentities"]);
    for (const resource of resources) expect(resource).not.toHaveProperty("properties");
  });

  test("the subscription's resources are found by tag, without telling the tags, as on Azure", async () => {
    const world = await platform();
    await world.must("PUT", APP, appBody(world));
    await world.must("PATCH", REGISTRY, { tags: { "toolwharf-stack": "other" } });
    const everywhere = `/subscriptions/${world.tenant.subscriptionId}/resources`;
    expect(await names(world, `${everywhere}?$filter=tagName eq 'toolwharf-stack' and tagValue eq 'local'`)).toEqual(["weather"]);
    expect((await names(world, `${everywhere}?$filter=tagName eq 'TOOLWHARF-STACK'`)).sort()).toEqual(["weather", "wharf12345"]);
    expect((await listed(world, `${everywhere}?$filter=tagName eq 'toolwharf-stack'`))[0]).not.toHaveProperty("tags");
    expect((await listed(world, `${everywhere}?$filter=name eq 'weather'`))[0]).toMatchObject({ tags: { "toolwharf-stack": "local" } });
    expect(await names(world, `${everywhere}?$filter=resourceType eq 'Microsoft.ContainerRegistry/registries'`)).toEqual(["wharf12345"]);
  });

  test("a filter that is not known is refused, not ignored", async () => {
    const world = await platform();
    expect(errorOf(await world.ask("GET", `${world.group}/resources?$filter=substringof('a', name)`))).toMatchObject({ status: 501, code: "NotEmulated", message: expect.stringContaining("substringof") });
  });

  test("resources of a type are listed in a group and in the subscription", async () => {
    const world = await platform();
    await world.must("PUT", APP, appBody(world));
    expect(await names(world, "Microsoft.App/containerApps")).toEqual(["weather"]);
    expect(await names(world, `/subscriptions/${world.tenant.subscriptionId}/providers/Microsoft.App/containerApps`)).toEqual(["weather"]);
    expect(errorOf(await world.ask("GET", `/subscriptions/${world.tenant.subscriptionId}/resourceGroups/none/providers/Microsoft.App/containerApps`))).toMatchObject({ code: "ResourceGroupNotFound" });
  });

  test("groups are listed, and found by tag", async () => {
    const world = await platform();
    const groups = `/subscriptions/${world.tenant.subscriptionId}/resourceGroups`;
    await world.must("PUT", `${groups}/tagged`, { location: LOCATION, tags: { stack: "local" } });
    expect(await names(world, groups)).toEqual(["rg", "tagged"]);
    expect(await names(world, `${groups}?$filter=tagName eq 'stack' and tagValue eq 'local'`)).toEqual(["tagged"]);
  });

  test("whether a group is there is asked with HEAD", async () => {
    const world = await platform();
    expect((await world.ask("HEAD", world.group)).status).toBe(204);
    expect((await world.ask("HEAD", `${world.group}2`)).status).toBe(404);
  });
});

describe("the removal of a group", () => {
  test("takes all it holds, apps before their environment", async () => {
    const world = await platform();
    await world.must("PUT", APP, appBody(world));
    await world.must("PUT", `${world.group}/providers/Microsoft.Authorization/roleAssignments/11111111-0000-0000-0000-000000000000`, {
      properties: { principalId: world.tenant.callerPrincipalId, roleDefinitionId: "/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7" },
    });
    world.hosts.calls.length = 0;
    await world.must("DELETE", world.group);
    expect(world.hosts.calls.map((call) => call.split(" ")[0])).toEqual(["apps.remove", "environments.remove", "environments.remove", "registries.remove"]);
    expect(world.store.list("arm/")).toEqual([]);
    expect(listAssignments(world.store)).toHaveLength(2);
  });

  test("waits for what is under way in it", async () => {
    const world = await platform();
    let release!: () => void;
    world.hosts.before = (call) => (call.startsWith("apps.apply") ? new Promise<void>((resolve) => (release = resolve)) : Promise.resolve());
    await world.ask("PUT", APP, appBody(world));
    await new Promise((resolve) => setImmediate(resolve));
    await world.ask("DELETE", world.group);
    for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    expect((await world.ask("GET", APP)).status).toBe(200);
    release();
    await world.arm.idle();
    expect((await world.ask("GET", world.group)).status).toBe(404);
    expect(world.hosts.calls.filter((call) => call.startsWith("apps.")).map((call) => call.split(" ")[0])).toEqual(["apps.apply", "apps.remove"]);
  });

  test("refuses what is new meanwhile", async () => {
    const world = await platform();
    let release!: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    world.hosts.before = () => held;
    expect((await world.ask("DELETE", world.group)).status).toBe(202);
    const refusal = { status: 409, code: "ResourceGroupBeingDeleted", message: "The resource group 'rg' is in deprovisioning state and cannot perform this operation." };
    expect(errorOf(await world.ask("PUT", "Microsoft.ManagedIdentity/userAssignedIdentities/late", { location: LOCATION }))).toEqual(refusal);
    expect(errorOf(await world.ask("PUT", world.group, { location: LOCATION }))).toEqual(refusal);
    release();
    await world.arm.idle();
  });

  test("is given up, and the group given back, when another group's app uses its environment", async () => {
    const world = await platform();
    const other = `/subscriptions/${world.tenant.subscriptionId}/resourceGroups/other`;
    await world.must("PUT", other, { location: LOCATION });
    await world.must("PUT", `${other}/providers/${APP}`, appBody(world));
    const answer = await world.ask("DELETE", world.group);
    await world.arm.idle();
    const { pathname, search } = new URL(answer.headers["azure-asyncoperation"]!);
    expect((await world.ask("GET", pathname + search)).body).toMatchObject({
      status: "Failed",
      error: { code: "ResourceGroupDeletionBlocked", message: expect.stringMatching(/^Deletion of resource group 'rg' failed as resources with identifiers 'Microsoft\.App\/managedEnvironments\/env' could not be deleted\./) },
    });
    expect((await world.ask("GET", world.group)).body).toMatchObject({ properties: { provisioningState: "Succeeded" } });
    expect((await world.ask("GET", ENVIRONMENT)).body).toMatchObject({ properties: { provisioningState: "Succeeded" } });
  });
});

test("an identity made again is another principal", async () => {
  const world = await platform();
  const principal = async () => objectOf(objectOf((await world.ask("GET", IDENTITY)).body)["properties"])["principalId"];
  const first = await principal();
  await world.must("PUT", IDENTITY, { location: LOCATION });
  expect(await principal()).toBe(first);
  await world.must("DELETE", IDENTITY);
  expect(openPrincipals(world.store).find(String(first))).toBeUndefined();
  await world.must("PUT", IDENTITY, { location: LOCATION });
  expect(await principal()).not.toBe(first);
});
