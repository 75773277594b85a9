import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { isObject, type JsonObject } from "../../../local/arm/json.ts";
import { openWorld } from "../../support/arm-world.ts";
import { appBody, appWithContainer, ENVIRONMENT, IDENTITY, makePlatform, REGISTRY, WORKSPACE } from "../../support/platform-bodies.ts";

const APP = "Microsoft.App/containerApps/weather";
const ROUTES = `${ENVIRONMENT}/httpRouteConfigs/tools`;
const STORAGE = `${ENVIRONMENT}/storages/data`;
const ASSIGNMENT = `${REGISTRY}/providers/Microsoft.Authorization/roleAssignments/11111111-2222-3333-4444-555555555555`;

/** Every place in a value where something stands. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  const members = Array.isArray(value) ? value.map((item, index) => [String(index), item] as const) : isObject(value) ? Object.entries(value) : [];
  return [path, ...members.flatMap(([name, inner]) => pathsOf(inner, [...path, name]))];
}

function replaceAt(value: unknown, [name, ...rest]: string[], other: unknown): unknown {
  if (name === undefined) return other;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as JsonObject) }) as JsonObject;
  copy[name] = replaceAt(copy[name], rest, other);
  return copy;
}

test.each([APP, ENVIRONMENT, STORAGE, ROUTES, REGISTRY, IDENTITY, WORKSPACE, ASSIGNMENT, "$group"])("no body whatever makes ARM itself fail: %s", async (path) => {
  const world = openWorld();
  await makePlatform(world);
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), fc.constantFrom("PUT", "PATCH"), async (properties, whole, method) => {
      for (const body of [whole, { location: "westeurope", sku: { name: "Basic" }, identity: whole, tags: whole, properties }]) {
        const { status } = await world.ask(method, path.replace("$group", world.group), body);
        await world.arm.idle();
        expect(status).not.toBe(500);
      }
      expect(world.log).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test("route configs with any one value replaced by anything are accepted or refused, and ARM never fails", async () => {
  const world = openWorld();
  await makePlatform(world);
  await world.must("PUT", APP, appBody(world));
  const target = { containerApp: "weather", revision: "weather--v1", weight: 100 };
  const body = { properties: { rules: [{ description: "all", routes: [{ match: { prefix: "/", caseSensitive: true }, action: { prefixRewrite: "/" } }], targets: [target] }] } };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...pathsOf(body)), fc.jsonValue(), async (path, other) => {
      const { status, body: answer } = await world.ask("PUT", ROUTES, replaceAt(body, path, other));
      expect({ status, answer }).not.toMatchObject({ status: 500 });
      expect(world.log).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test("an app with any one value replaced by anything is accepted or refused, and ARM never fails", async () => {
  const world = openWorld();
  await makePlatform(world);
  await world.must("PUT", STORAGE, { properties: { azureFile: { accountName: "wharfdata", accountKey: "a2V5", shareName: "notes", accessMode: "ReadWrite" } } });
  const template = { volumes: [{ name: "data", storageType: "AzureFile", storageName: "data" }, { name: "keys", storageType: "Secret", secrets: [{ secretRef: "key", path: "key" }] }] };
  const body = appWithContainer(world, { volumeMounts: [{ volumeName: "data", mountPath: "/data" }] }, { properties: { template, configuration: { secrets: [{ name: "key", value: "x" }], dapr: { enabled: false } }, workloadProfileName: "Consumption" } });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...pathsOf(body)), fc.jsonValue(), async (path, other) => {
      const { status, body: answer } = await world.ask("PUT", APP, replaceAt(body, path, other));
      await world.arm.idle();
      expect({ status, answer }).not.toMatchObject({ status: 500 });
      expect(world.log).toEqual([]);
    }),
    { numRuns: 400 },
  );
});
