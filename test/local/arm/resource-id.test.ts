import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { formatResourceId, groupIdOf, isWithin, parseArmPath, parseResourceId, resourceGroupOf, sameId, typeOf } from "../../../local/arm/resource-id.ts";

const APP = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.App/containerApps/weather";

describe("parsing", () => {
  test.each([
    ["/subscriptions/s", { scope: "", namespace: "Microsoft.Resources", types: ["subscriptions"], names: ["s"] }],
    ["/subscriptions/s/resourceGroups/rg", { scope: "/subscriptions/s", namespace: "Microsoft.Resources", types: ["resourceGroups"], names: ["rg"] }],
    [APP, { scope: "/subscriptions/s/resourceGroups/rg", namespace: "Microsoft.App", types: ["containerApps"], names: ["weather"] }],
    [`${APP}/revisions/weather--1`, { scope: "/subscriptions/s/resourceGroups/rg", namespace: "Microsoft.App", types: ["containerApps", "revisions"], names: ["weather", "weather--1"] }],
    [`${APP}/providers/Microsoft.Authorization/roleAssignments/g`, { scope: APP, namespace: "Microsoft.Authorization", types: ["roleAssignments"], names: ["g"] }],
    ["/providers/Microsoft.Authorization/roleDefinitions/g", { scope: "", namespace: "Microsoft.Authorization", types: ["roleDefinitions"], names: ["g"] }],
    ["/subscriptions/s/resourceGroups/providers/providers/Microsoft.App/containerApps/providers", { scope: "/subscriptions/s/resourceGroups/providers", namespace: "Microsoft.App", types: ["containerApps"], names: ["providers"] }],
  ])("of the id %s", (id, parts) => {
    expect(parseResourceId(id)).toEqual(parts);
    expect(formatResourceId(parts)).toBe(id);
  });

  test.each([
    ["/subscriptions/s/resourceGroups", ["resourceGroups"], []],
    ["/subscriptions/s/resourceGroups/rg/resources", ["resourceGroups", "resources"], ["rg"]],
    [`${APP}/listSecrets`, ["containerApps", "listSecrets"], ["weather"]],
    ["/subscriptions/s/providers/Microsoft.ContainerRegistry/checkNameAvailability", ["checkNameAvailability"], []],
  ])("of the collection or action %s", (path, types, names) => {
    expect(parseArmPath(path)).toMatchObject({ types, names });
    expect(parseResourceId(path)).toBeUndefined();
  });

  test.each(["", "/", "/nonsense", "/subscriptions/s/providers", "/subscriptions/s/providers/Microsoft.App", "/subscriptions/%zz", "relative/path"])(
    "of what is no id: %j",
    (path) => expect(parseResourceId(path)).toBeUndefined(),
  );

  test("names are percent-decoded", () => {
    expect(parseArmPath("/subscriptions/s/resourceGroups/Gr%C3%B6%C3%9Fe")?.names).toEqual(["Größe"]);
  });

  test("whatever is parsed is formatted to what it was", () => {
    const word = fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/).filter((text) => text.toLowerCase() !== "providers");
    const pairs = fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(word, word, fc.array(fc.tuple(word, pairs), { minLength: 1, maxLength: 2 }), (subscription, group, extensions) => {
        const tail = extensions.map(([namespace, members]) => `/providers/${namespace}${members.map(([type, name]) => `/${type}/${name}`).join("")}`).join("");
        const id = `/subscriptions/${subscription}/resourceGroups/${group}${tail}`;
        const parsed = parseResourceId(id);
        expect(parsed && formatResourceId(parsed)).toBe(id);
      }),
    );
  });
});

test("ids are compared without case", () => {
  expect(sameId(APP, APP.toUpperCase())).toBe(true);
  expect(sameId(APP, `${APP}2`)).toBe(false);
});

test("a scope covers itself and what is below, but no sibling with the same beginning", () => {
  expect(isWithin(APP, "/subscriptions/S/resourcegroups/RG")).toBe(true);
  expect(isWithin(APP, APP)).toBe(true);
  expect(isWithin(`${APP}2`, APP)).toBe(false);
  expect(isWithin("/subscriptions/s", APP)).toBe(false);
});

test("parts of an id", () => {
  expect(typeOf(parseResourceId(APP)!)).toBe("Microsoft.App/containerApps");
  expect(resourceGroupOf(APP)).toBe("rg");
  expect(groupIdOf(APP)).toBe("/subscriptions/s/resourceGroups/rg");
  expect(groupIdOf("/subscriptions/s")).toBeUndefined();
});
