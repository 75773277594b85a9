import { authorizationRules } from "./authorization.ts";
import { containerAppRules } from "./container-apps.ts";
import { containerTemplateRules } from "./container-templates.ts";
import { httpRouteConfigRules } from "./http-route-configs.ts";
import { managedEnvironmentStorageRules } from "./managed-environment-storages.ts";
import { managedEnvironmentRules } from "./managed-environments.ts";
import { notEmulatedRules } from "./not-emulated.ts";
import { platformRules } from "./platform.ts";
import { registryRules } from "./registries.ts";
import type { Rule } from "./rule.ts";
import { trafficRules } from "./traffic.ts";
import { typeRules } from "./types-of-values.ts";
import { volumeRules } from "./volumes.ts";

/** The table: what ARM accepts and refuses, by service. */
export const RULES: Record<string, Rule[]> = {
  "ARM, groups, identities, workspaces": platformRules,
  registries: registryRules,
  "managed environments": managedEnvironmentRules,
  "storages of managed environments": managedEnvironmentStorageRules,
  "http route configs": httpRouteConfigRules,
  "container apps": containerAppRules,
  "templates of container apps": containerTemplateRules,
  "volumes of container apps": volumeRules,
  "traffic of container apps": trafficRules,
  "types of values of container apps": typeRules,
  "role assignments": authorizationRules,
  "what is not emulated": notEmulatedRules,
};
