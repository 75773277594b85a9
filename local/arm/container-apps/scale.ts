import { ArmError } from "../errors.ts";
import { isAbsent, objectOf, objectsOf, present, type JsonObject } from "../json.ts";
import {
  COOLDOWN_PERIOD_SECONDS,
  DEFAULT_MAX_REPLICAS,
  DEFAULT_MIN_REPLICAS,
  MAX_REPLICAS_LIMIT,
  POLLING_INTERVAL_SECONDS,
  SCALE_RULE_NAME,
} from "./constants.ts";
import { invalidParameter, invalidSchema, invalidValue } from "./errors.ts";

/** API reference, ScaleRule: what a rule may go by. */
const KINDS = ["azureQueue", "custom", "http", "tcp"];

export function acceptScale(scale: unknown, app: string): JsonObject {
  const given = objectOf(scale);
  const minReplicas = Number(given["minReplicas"] ?? DEFAULT_MIN_REPLICAS);
  const maxReplicas = Number(given["maxReplicas"] ?? DEFAULT_MAX_REPLICAS);
  checkReplicas(minReplicas, maxReplicas, app);
  return present({
    minReplicas,
    maxReplicas,
    cooldownPeriod: given["cooldownPeriod"] ?? COOLDOWN_PERIOD_SECONDS,
    pollingInterval: given["pollingInterval"] ?? POLLING_INTERVAL_SECONDS,
    rules: acceptRules(given["rules"]),
  });
}

function checkReplicas(min: number, max: number, app: string): void {
  const problems = [
    ...(min < 0 ? ["minReplicas must not be less than 0."] : []),
    ...(max <= 0 ? ["MaxReplicas must be greater than 0."] : []),
    ...(max < min ? ["maxReplicas must not be less than minReplicas."] : []),
    ...(max > MAX_REPLICAS_LIMIT ? [`The maxReplicas must not be bigger than ${MAX_REPLICAS_LIMIT}.`] : []),
  ];
  if (problems.length === 0) return;
  throw new ArmError(
    "ContainerAppInvalidScaleSpec",
    `The scale options provided for Container App '${app}' is incorrect. ${problems.join(" ")}`,
  );
}

function acceptRules(rules: unknown): JsonObject[] | undefined {
  const given = objectsOf(rules);
  if (given.length === 0) return undefined;
  const names = new Set<string>();
  return given.map((rule) => {
    const { name, http } = rule;
    if (typeof name !== "string" || !SCALE_RULE_NAME.test(name)) {
      throw invalidValue(
        "rules.name",
        name,
        "A value must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character.",
      );
    }
    if (names.has(name)) throw invalidParameter(`The scale rule name '${name}' is given twice. Names of scale rules must be unique.`);
    names.add(name);
    if (KINDS.every((kind) => isAbsent(rule[kind]))) throw invalidSchema("$.properties.template.scale.rules");
    checkConcurrency(objectOf(objectOf(http)["metadata"])["concurrentRequests"]);
    return { name, http };
  });
}

function checkConcurrency(value: unknown): void {
  if (isAbsent(value)) return;
  if (/^[1-9]\d*$/.test(String(value))) return;
  throw invalidValue("rules.http.metadata.concurrentRequests", value, "A value must be a whole number, at least 1.");
}
