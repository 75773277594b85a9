import { describe, expect, test } from "@jest/globals";
import { ArmFailure } from "../../azure/arm-reader.ts";
import type { ArmReader } from "../../azure/arm-reader.ts";
import { checkClaims } from "../../components/claims.ts";
import { checkRegistryMode, checkSubscription } from "../../components/platform-check.ts";

const REGISTRY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/reg";
const arm = (answer: unknown): ArmReader => {
  const get = async () => {
    if (answer instanceof Error) throw answer;
    return answer as never;
  };
  return { get, containerApp: get } as unknown as ArmReader;
};

describe("the mode of a registry that is there already", () => {
  const registry = (roleAssignmentMode?: string) => arm({ properties: { roleAssignmentMode } });

  test("is asked for in a version that tells it", async () => {
    const asked: string[] = [];
    await checkRegistryMode(REGISTRY, "legacy", { get: async (id, version) => (asked.push(`${id} ${version}`), undefined) });
    expect(asked).toEqual([`${REGISTRY} 2025-11-01`]);
  });

  test.each([
    ["AbacRepositoryPermissions", "legacy", "abac"],
    ["LegacyRegistryPermissions", "abac", "legacy"],
    [undefined, "abac", "legacy"],
  ] as const)("%s with the setting %s is refused; allowed: %s", async (mode, setting, allowed) => {
    await expect(checkRegistryMode(REGISTRY, setting, registry(mode))).rejects.toMatchObject({
      code: "REGISTRY_PERMISSIONS_DIFFER",
      message: expect.stringMatching(new RegExp(`value: toolwharf:registryPermissions: ${setting}\\n  allowed: ${allowed}\\n  next: pulumi config set toolwharf:registryPermissions ${allowed}`)),
    });
  });

  test.each([
    ["AbacRepositoryPermissions", "abac"],
    ["LegacyRegistryPermissions", "legacy"],
    [undefined, "legacy"],
  ] as const)("%s with the setting %s is taken", async (mode, setting) => {
    await checkRegistryMode(REGISTRY, setting, registry(mode));
  });

  test("is left to the engine where the registry is not there or may not be read; other failures are told", async () => {
    await checkRegistryMode(REGISTRY, "legacy", arm(undefined));
    await checkRegistryMode(REGISTRY, "legacy", arm(new ArmFailure(403, "AuthorizationFailed", "No.")));
    await expect(checkRegistryMode(REGISTRY, "legacy", arm(new ArmFailure(500, "", "Oh.")))).rejects.toMatchObject({ code: "ARM_UNREADABLE" });
  });
});

test("an id of another subscription is refused, naming both", () => {
  const others = { registryId: REGISTRY, environmentId: undefined, identityId: "/subscriptions/MINE/x" };
  expect(() => checkSubscription(others, "mine")).toThrow(expect.objectContaining({ code: "SUBSCRIPTION_DIFFERS", message: expect.stringMatching(/value: registryId: \/subscriptions\/s\/.*\n {2}allowed: ids below \/subscriptions\/mine\n/) }));
  expect(() => checkSubscription(others, "S")).toThrow(/identityId/);
  checkSubscription({ registryId: REGISTRY, environmentId: "/environment" }, "S");
});

test("a subscription that has never had an app has none with this name", async () => {
  const claims = [{ tool: "weather", claim: "tools/weather", appId: "/app" }];
  await checkClaims(claims, "dev", arm(new ArmFailure(409, "MissingSubscriptionRegistration", "Not registered.")));
  await expect(checkClaims(claims, "dev", arm(new ArmFailure(409, "Conflict", "No.")))).rejects.toMatchObject({ code: "ARM_UNREADABLE" });
});
