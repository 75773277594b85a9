import { invalidParameter } from "../container-apps/errors.ts";
import { appsIn } from "../container-apps/lookup.ts";
import type { ArmDocument } from "../hosts.ts";
import { isEmpty, objectOf, objectsOf, present, type JsonObject } from "../json.ts";
import type { Context } from "../service.ts";
import {
  MATCHED_PATH, MATCHES, MAX_NAME_CHARACTERS, MAX_WEIGHT_PERCENT, MIN_NAME_CHARACTERS, MIN_WEIGHT_PERCENT, ROUTE_CONFIG_NAME, SEPARATED_PREFIX,
} from "./constants.ts";
import { checkRulesShape } from "./shape.ts";

export function checkRouteConfigName(name: string): void {
  if (ROUTE_CONFIG_NAME.test(name) && name.length >= MIN_NAME_CHARACTERS && name.length <= MAX_NAME_CHARACTERS) return;
  throw invalidParameter(
    `The http route config name '${name}' is invalid. A name must have ${MIN_NAME_CHARACTERS} to ${MAX_NAME_CHARACTERS} lower case alphanumeric characters and start with an alphabetic character.`,
  );
}

/** The app of this name in an environment. */
export function appIn(environment: ArmDocument, name: string, context: Context): ArmDocument | undefined {
  return appsIn(environment.id, context).find((app) => app.name.toLowerCase() === name.toLowerCase());
}

/** Two things of one environment cannot have one address. */
export function checkFreeAddress(name: string, app: ArmDocument | undefined): void {
  const ingress = objectOf(objectOf(app?.properties["configuration"])["ingress"]);
  if (ingress["external"] !== true) return;
  throw invalidParameter(`The http route config name '${name}' is invalid. The container app '${name}' has the same address.`);
}

/** @param hasApp whether the environment has an app of this name */
export function acceptRules(properties: JsonObject, hasApp: (name: string) => boolean): JsonObject[] {
  checkRulesShape(properties["rules"]);
  return objectsOf(properties["rules"]).map((rule, index) => acceptRule(rule, `rules[${index}]`, hasApp));
}

function acceptRule(rule: JsonObject, path: string, hasApp: (name: string) => boolean): JsonObject {
  return present({
    description: textOf(rule["description"]),
    routes: objectsOf(rule["routes"]).map((route, index) => acceptRoute(route, `${path}.routes[${index}]`)),
    targets: acceptTargets(objectsOf(rule["targets"]), `${path}.targets`, hasApp),
  });
}

function acceptRoute(route: JsonObject, path: string): JsonObject {
  const match = objectOf(route["match"]);
  const asked = MATCHES.filter((kind) => !isEmpty(match[kind]));
  if (asked.length !== 1) throw invalidParameter(`${path}.match is invalid. It must have exactly one of ${MATCHES.join(", ")}.`);
  const [kind] = asked as [(typeof MATCHES)[number]];
  const matched = String(match[kind]);
  if (!(kind === "pathSeparatedPrefix" ? SEPARATED_PREFIX : MATCHED_PATH).test(matched)) {
    const ending = kind === "pathSeparatedPrefix" ? ", and not end with '/'" : "";
    throw invalidParameter(`${path}.match.${kind} has an invalid value '${matched}'. It must begin with '/' and have no '?' and no '#'${ending}.`);
  }
  const rewrite = textOf(objectOf(route["action"])["prefixRewrite"]);
  if (rewrite !== undefined && !MATCHED_PATH.test(rewrite)) {
    throw invalidParameter(`${path}.action.prefixRewrite has an invalid value '${rewrite}'. It must begin with '/' and have no '?' and no '#'.`);
  }
  return present({ match: { [kind]: matched, caseSensitive: match["caseSensitive"] ?? true }, action: rewrite === undefined ? undefined : { prefixRewrite: rewrite } });
}

function acceptTargets(targets: JsonObject[], path: string, hasApp: (name: string) => boolean): JsonObject[] {
  if (targets.length === 0) throw invalidParameter(`${path} is invalid. A rule must have at least one target.`);
  const accepted = targets.map((target, index) => acceptTarget(target, `${path}[${index}]`, hasApp));
  if (accepted.length === 1 && accepted[0]!["weight"] === undefined) return accepted;
  const sum = accepted.reduce((total, { weight }) => total + Number(weight ?? 0), 0);
  if (sum !== MAX_WEIGHT_PERCENT) throw invalidParameter(`The weights of ${path} add up to ${sum}. They must add up to ${MAX_WEIGHT_PERCENT}.`);
  return accepted;
}

function acceptTarget(target: JsonObject, path: string, hasApp: (name: string) => boolean): JsonObject {
  const { weight } = target;
  const [containerApp, revision, label] = ["containerApp", "revision", "label"].map((name) => textOf(target[name]));
  if (containerApp === undefined) throw invalidParameter(`${path} is invalid. It must have a containerApp.`);
  if (!hasApp(containerApp)) throw invalidParameter(`The container app '${containerApp}' of ${path} does not exist in the environment.`);
  if (revision !== undefined && label !== undefined) throw invalidParameter(`${path} is invalid. It must not have both a revision and a label.`);
  if (Number(weight ?? 0) < MIN_WEIGHT_PERCENT || Number(weight ?? 0) > MAX_WEIGHT_PERCENT) {
    throw invalidParameter(`The weight '${String(weight)}' of ${path} is invalid. It must be in the range of [${MIN_WEIGHT_PERCENT},${MAX_WEIGHT_PERCENT}].`);
  }
  return present({ containerApp, revision, label, weight });
}

const textOf = (value: unknown): string | undefined => (isEmpty(value) ? undefined : String(value));
