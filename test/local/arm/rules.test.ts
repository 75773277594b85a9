import { describe, expect, test } from "@jest/globals";
import { errorOf, openWorld, type World } from "../../support/arm-world.ts";
import { makePlatform } from "../../support/platform-bodies.ts";
import { authorizationRules } from "./rules/authorization.ts";
import { containerAppRules } from "./rules/container-apps.ts";
import { containerTemplateRules } from "./rules/container-templates.ts";
import { httpRouteConfigRules } from "./rules/http-route-configs.ts";
import { managedEnvironmentStorageRules } from "./rules/managed-environment-storages.ts";
import { managedEnvironmentRules } from "./rules/managed-environments.ts";
import { platformRules } from "./rules/platform.ts";
import { registryRules } from "./rules/registries.ts";
import type { Rule } from "./rules/rule.ts";
import { trafficRules } from "./rules/traffic.ts";
import { volumeRules } from "./rules/volumes.ts";

const RULES: Record<string, Rule[]> = {
  "ARM, groups, identities, workspaces": platformRules,
  registries: registryRules,
  "managed environments": managedEnvironmentRules,
  "storages of managed environments": managedEnvironmentStorageRules,
  "container apps": containerAppRules,
  "templates of container apps": containerTemplateRules,
  "volumes of container apps": volumeRules,
  "traffic of container apps": trafficRules,
  "http route configs": httpRouteConfigRules,
  "role assignments": authorizationRules,
};

const locate = (path: string, world: World) => path.replaceAll("$group", world.group).replaceAll("$subscription", `/subscriptions/${world.tenant.subscriptionId}`);

describe.each(Object.entries(RULES))("%s", (_service, rules) => {
  test.each(rules)("$rule", async ({ method = "PUT", path, body, given = [], accepted, refused }) => {
    const world = openWorld();
    await makePlatform(world);
    for (const step of given) await world.must(step.method ?? "PUT", locate(step.path, world), step.body?.(world));

    const answer = await world.ask(method, locate(path, world), body?.(world));
    await world.arm.idle();

    if (refused) {
      const { status = 400, code, message } = refused;
      expect(errorOf(answer)).toEqual({
        status,
        code,
        message: message instanceof RegExp ? expect.stringMatching(message) : typeof message === "function" ? message(world) : message,
      });
    } else {
      expect(errorOf(answer)).toEqual({ status: expect.any(Number) });
      expect(answer.status).toBeLessThan(300);
      if (accepted !== true) expect(answer.body).toMatchObject(accepted!);
    }
    expect(world.log).toEqual([]);
  });
});

test("every rule says what it expects and where that is from", () => {
  const rows = Object.values(RULES).flat();
  for (const { rule, accepted, refused, source } of rows) {
    expect({ rule, expectations: [accepted, refused].filter(Boolean).length, source: source.length > 0 }).toEqual({ rule, expectations: 1, source: true });
  }
  expect(rows.length).toBeGreaterThanOrEqual(120);
});
