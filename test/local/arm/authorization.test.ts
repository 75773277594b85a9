import { describe, expect, test } from "@jest/globals";
import { createAccess } from "../../../local/arm/authorization/access.ts";
import { grantCallerDefaults, listAssignments } from "../../../local/arm/authorization/assignments.ts";
import { ROLES } from "../../../local/arm/authorization/roles.ts";
import { objectOf } from "../../../local/arm/json.ts";
import { errorOf, openWorld, type World } from "../../support/arm-world.ts";
import { memoryStore } from "../../support/memory-store.ts";
import { appBody, ENVIRONMENT, IDENTITY, LOCATION, makePlatform, REGISTRY } from "../../support/platform-bodies.ts";

const APP = "Microsoft.App/containerApps/weather";
const SOMEBODY = "aaaaaaaa-0000-0000-0000-000000000001";
const PULL = "Microsoft.ContainerRegistry/registries/pull/read";
const PUSH = "Microsoft.ContainerRegistry/registries/push/write";
const CONTENT_READ = "Microsoft.ContainerRegistry/registries/repositories/content/read";
let names = 0;

const roleId = (name: string) => ROLES.find((role) => role.name === name)!.id;

async function grant(world: World, role: string, scope: string, principalId = SOMEBODY): Promise<string> {
  names += 1;
  const path = `${scope}/providers/Microsoft.Authorization/roleAssignments/${String(names).padStart(8, "0")}-0000-0000-0000-000000000000`;
  const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${roleId(role)}`;
  await world.must("PUT", path, { properties: { principalId, roleDefinitionId, principalType: "ServicePrincipal" } });
  return path;
}

async function platform(): Promise<World> {
  const world = openWorld();
  await makePlatform(world);
  return world;
}

describe("requests", () => {
  test("whoever has no role is refused in Azure's words", async () => {
    const world = await platform();
    expect(errorOf(await world.ask("GET", APP, undefined, SOMEBODY))).toEqual({
      status: 403,
      code: "AuthorizationFailed",
      message: `The client '${SOMEBODY}' with object id '${SOMEBODY}' does not have authorization to perform action 'Microsoft.App/containerApps/read' over scope '${world.idOf(APP)}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    });
  });

  test.each([
    ["PUT", APP, "Microsoft.App/containerApps/write"],
    ["PATCH", APP, "Microsoft.App/containerApps/write"],
    ["DELETE", APP, "Microsoft.App/containerApps/delete"],
    ["POST", `${APP}/listSecrets`, "Microsoft.App/containerApps/listSecrets/action"],
    ["POST", `${APP}/getAuthtoken`, "Microsoft.App/containerApps/getAuthToken/action"],
    ["GET", `${APP}/revisions`, "Microsoft.App/containerApps/revisions/read"],
    ["POST", `${APP}/revisions/weather--1/restart`, "Microsoft.App/containerApps/revisions/restart/action"],
    ["POST", "Microsoft.OperationalInsights/workspaces/logs/sharedKeys", "Microsoft.OperationalInsights/workspaces/sharedKeys/action"],
    ["PUT", `${REGISTRY}/providers/Microsoft.Authorization/roleAssignments/x`, "Microsoft.Authorization/roleAssignments/write"],
  ])("%s %s needs %s, before anything else is looked at", async (method, path, action) => {
    const world = await platform();
    expect(errorOf(await world.ask(method, path, undefined, SOMEBODY))).toMatchObject({ status: 403, message: expect.stringContaining(`'${action}'`) });
  });

  test("a reader reads, and does not write or see secrets", async () => {
    const world = await platform();
    await world.must("PUT", APP, appBody(world));
    await grant(world, "Reader", world.group);
    const status = async (method: string, path: string) => (await world.ask(method, path, undefined, SOMEBODY)).status;
    expect(await status("GET", APP)).toBe(200);
    expect(await status("GET", `${world.group}/resources`)).toBe(200);
    expect(await status("DELETE", APP)).toBe(403);
    expect(await status("POST", `${APP}/listSecrets`)).toBe(403);
  });

  test("a contributor does everything but give roles; the caller can, being RBAC administrator too", async () => {
    const world = await platform();
    const path = await grant(world, "Contributor", world.group);
    expect((await world.ask("PUT", APP, appBody(world), SOMEBODY)).status).toBe(201);
    expect((await world.ask("DELETE", path, undefined, SOMEBODY)).status).toBe(403);
    expect((await world.ask("DELETE", path)).status).toBe(200);
    expect((await world.ask("GET", APP, undefined, SOMEBODY)).status).toBe(403);
    await world.arm.idle();
  });

  test("an assignment covers what is below its scope, and nothing beside it", async () => {
    const world = await platform();
    await world.must("PUT", APP, appBody(world));
    await grant(world, "Reader", world.idOf(APP));
    expect((await world.ask("GET", `${APP}/revisions`, undefined, SOMEBODY)).status).toBe(200);
    expect((await world.ask("GET", ENVIRONMENT, undefined, SOMEBODY)).status).toBe(403);
    expect((await world.ask("GET", world.group, undefined, SOMEBODY)).status).toBe(403);
  });

  test("the caller's own roles are ordinary assignments, and stay deleted", async () => {
    const world = await platform();
    const { body } = await world.ask("GET", `/subscriptions/${world.tenant.subscriptionId}/providers/Microsoft.Authorization/roleAssignments`);
    const own = (objectOf(body)["value"] as Array<{ id: string; properties: { roleDefinitionId: string } }>).find(({ properties }) => properties.roleDefinitionId.endsWith(roleId("Contributor")));
    await world.must("DELETE", own!.id);
    expect(errorOf(await world.ask("PUT", APP, appBody(world)))).toMatchObject({ code: "AuthorizationFailed" });
    grantCallerDefaults(world.store, world.tenant);
    expect(listAssignments(world.store).map((each) => each.roleId)).toEqual([roleId("Role Based Access Control Administrator")]);
  });
});

describe("what an app refers to must be open to the caller too", () => {
  test("an environment to join", async () => {
    const world = await platform();
    await world.must("PUT", `/subscriptions/${world.tenant.subscriptionId}/resourceGroups/theirs`, { location: LOCATION });
    const theirs = `/subscriptions/${world.tenant.subscriptionId}/resourceGroups/theirs`;
    const app = `${theirs}/providers/${APP}`;
    await grant(world, "Contributor", theirs);
    expect(errorOf(await world.ask("PUT", app, appBody(world), SOMEBODY))).toEqual({
      status: 403,
      code: "LinkedAuthorizationFailed",
      message: `The client '${SOMEBODY}' with object id '${SOMEBODY}' has permission to perform action 'Microsoft.App/containerApps/write' on scope '${app}'; however, it does not have permission to perform action 'Microsoft.App/managedEnvironments/join/action' on the linked scope(s) '${world.idOf(ENVIRONMENT)}' or the linked scope(s) are invalid.`,
    });
    await grant(world, "Container Apps ManagedEnvironments Contributor", world.idOf(ENVIRONMENT));
    expect(errorOf(await world.ask("PUT", app, appBody(world), SOMEBODY))).toMatchObject({ code: "LinkedAuthorizationFailed", message: expect.stringContaining("userAssignedIdentities/assign/action") });
    await grant(world, "Managed Identity Operator", world.idOf(IDENTITY));
    expect((await world.ask("PUT", app, appBody(world), SOMEBODY)).status).toBe(201);
    await world.arm.idle();
  });

  test("Container Apps Contributor may join the environments it covers", async () => {
    const world = await platform();
    await grant(world, "Container Apps Contributor", world.group);
    await grant(world, "Managed Identity Operator", world.idOf(IDENTITY));
    expect((await world.ask("PUT", APP, appBody(world), SOMEBODY)).status).toBe(201);
    expect((await world.ask("PUT", ENVIRONMENT, { location: LOCATION }, SOMEBODY)).status).toBe(403);
    await world.arm.idle();
  });
});

describe("decisions for the registry", () => {
  const table: Array<[role: string, pull: boolean, push: boolean, content: boolean]> = [
    ["Owner", true, true, false],
    ["Contributor", true, true, false],
    ["Reader", true, false, false],
    ["AcrPull", true, false, false],
    ["AcrPush", true, true, false],
    ["AcrDelete", false, false, false],
    ["Container Registry Repository Reader", false, false, true],
    ["Container Registry Repository Writer", false, false, true],
    ["Container Apps Contributor", false, false, false],
    ["Managed Identity Contributor", false, false, false],
  ];
  test.each(table)("%s: pull %s, push %s, repository content %s", async (role, pull, push, content) => {
    const world = await platform();
    const registry = world.idOf(REGISTRY);
    await grant(world, role, registry);
    const access = createAccess({ store: world.store });
    expect({
      pull: access.allows(SOMEBODY, "action", PULL, registry),
      push: access.allows(SOMEBODY, "action", PUSH, registry),
      content: access.allows(SOMEBODY, "dataAction", CONTENT_READ, registry),
    }).toEqual({ pull, push, content });
  });

  test("a repository is below its registry, and names are compared without case", async () => {
    const world = await platform();
    await grant(world, "Container Registry Repository Reader", world.idOf(REGISTRY));
    const access = createAccess({ store: world.store });
    expect(access.allows(SOMEBODY.toUpperCase(), "dataAction", CONTENT_READ.toLowerCase(), `${world.idOf(REGISTRY).toUpperCase()}/repositories/tools`)).toBe(true);
  });

  test("a new assignment has no effect before it has spread", async () => {
    let now = Date.parse("2026-01-01T00:00:00Z");
    const store = memoryStore();
    const world = openWorld({ store, clock: () => now, propagationDelayMs: 60_000 });
    await makePlatform(world);
    await grant(world, "AcrPull", world.idOf(REGISTRY));
    const access = createAccess({ store, clock: () => now });
    expect(access.allows(SOMEBODY, "action", PULL, world.idOf(REGISTRY))).toBe(false);
    now += 60_000;
    expect(access.allows(SOMEBODY, "action", PULL, world.idOf(REGISTRY))).toBe(true);
  });

  test("the roles of a resource go with it", async () => {
    const world = await platform();
    await grant(world, "AcrPull", world.idOf(REGISTRY));
    await world.must("DELETE", REGISTRY);
    await world.must("PUT", REGISTRY, { location: LOCATION, sku: { name: "Basic" }, properties: {} });
    expect(createAccess({ store: world.store }).allows(SOMEBODY, "action", PULL, world.idOf(REGISTRY))).toBe(false);
  });
});

describe("the list of assignments", () => {
  const ids = async (world: World, path: string) => (objectOf((await world.ask("GET", path)).body)["value"] as Array<{ id: string }>).map(({ id }) => id);

  test("has those at, above and below the scope; atScope() leaves out those below", async () => {
    const world = await platform();
    const below = await grant(world, "AcrPull", world.idOf(REGISTRY));
    const at = await grant(world, "Reader", world.group);
    const list = `${world.group}/providers/Microsoft.Authorization/roleAssignments`;
    expect(await ids(world, list)).toHaveLength(4);
    expect(await ids(world, list)).toEqual(expect.arrayContaining([below, at]));
    expect(await ids(world, `${list}?$filter=atScope()`)).not.toContain(below);
  });

  test("can be asked for one principal's", async () => {
    const world = await platform();
    const path = await grant(world, "AcrPull", world.idOf(REGISTRY));
    const list = `/subscriptions/${world.tenant.subscriptionId}/providers/Microsoft.Authorization/roleAssignments`;
    expect(await ids(world, `${list}?$filter=principalId eq '${SOMEBODY}'`)).toEqual([path]);
    expect(await ids(world, `${list}?$filter=atScope() and assignedTo('${SOMEBODY}')`)).toEqual([]);
    expect(errorOf(await world.ask("GET", `${list}?$filter=roleName eq 'x'`))).toMatchObject({ code: "NotEmulated" });
  });
});
