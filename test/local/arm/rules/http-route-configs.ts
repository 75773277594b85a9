import type { JsonObject } from "../../../../local/arm/json.ts";
import { appBody, CONSUMPTION_PROFILE, ENVIRONMENT, LOCATION, makeFailedEnvironment } from "../../../support/platform-bodies.ts";
import type { Rule } from "./rule.ts";

const CONFIG = `${ENVIRONMENT}/httpRouteConfigs/tools`;
const APP = "Microsoft.App/containerApps/weather";
const given: Rule["given"] = [{ path: APP, body: appBody }];
const made: Rule["given"] = [...given, { path: CONFIG, body: () => config() }];
const internal: Rule["body"] = (world) => appBody(world, { properties: { configuration: { ingress: { external: false } } } });

const RULE = { routes: [{ match: { prefix: "/tools/weather/" }, action: { prefixRewrite: "/" } }], targets: [{ containerApp: "weather" }] };
const config = (change: JsonObject = {}, rest: JsonObject = {}) => ({ properties: { rules: [{ ...RULE, ...change }], ...rest } });
const matching = (match: JsonObject, action?: JsonObject) => () => config({ routes: [{ match, ...(action && { action }) }] });
const targeting = (...targets: JsonObject[]) => () => config({ targets });
const parameter = (message: string) => ({ code: "InvalidRequestParameterWithDetails", message });

const SPECIFICATION = "API specification, ManagedEnvironmentsHttpRouteConfig.json";
const RULE_ONLY = `rule: ${SPECIFICATION}; code and text assumed`;
const ASSUMED = "assumed";

const badName = (name: string): Rule => ({
  rule: `the route config name '${name.slice(0, 12)}' of ${name.length} characters is refused`,
  path: `${ENVIRONMENT}/httpRouteConfigs/${name}`,
  given,
  body: () => config(),
  refused: parameter(`The http route config name '${name}' is invalid. A name must have 3 to 63 lower case alphanumeric characters and start with an alphabetic character.`),
  source: RULE_ONLY,
});
const badMatch = (match: JsonObject): Rule => ({
  rule: `the match ${JSON.stringify(match)} is refused`,
  path: CONFIG,
  given,
  body: matching(match),
  refused: parameter("rules[0].routes[0].match is invalid. It must have exactly one of prefix, path, pathSeparatedPrefix."),
  source: "rule: Azure docs, rule-based routing, and Envoy's RouteMatch; text assumed",
});
const badPath = (kind: string, value: string, ending = ""): Rule => ({
  rule: `the ${kind} '${value}' is refused`,
  path: CONFIG,
  given,
  body: matching({ [kind]: value }),
  refused: parameter(`rules[0].routes[0].match.${kind} has an invalid value '${value}'. It must begin with '/' and have no '?' and no '#'${ending}.`),
  source: "rule: Envoy's RouteMatch; that Azure checks it, and the text, assumed",
});
const wrongType = (what: string, path: string, rules: unknown): Rule => ({
  rule: `${path} is ${what}`,
  path: CONFIG,
  given,
  body: () => ({ properties: { rules } }),
  refused: parameter(`${path} is invalid. It must be ${what}.`),
  source: RULE_ONLY,
});
const wrongInRule = (what: string, path: string, change: JsonObject) => wrongType(what, `rules[0].${path}`, [{ ...RULE, ...change }]);
const busy = (method: string, body?: Rule["body"]): Rule => ({
  rule: `a ${method} of a route config waits for its environment`,
  method,
  path: CONFIG,
  given: made,
  begun: [{ path: ENVIRONMENT, body: () => ({ location: LOCATION, properties: { workloadProfiles: CONSUMPTION_PROFILE } }) }],
  ...(body && { body }),
  refused: { status: 409, code: "ManagedEnvironmentOperationInProgress", message: "Cannot modify Container Apps environment env because another operation is in progress." },
  source: "code: seen at environments; that it holds for what belongs to them is assumed",
});
const badWeight = (weight: number): Rule => ({
  rule: `the weight ${weight} of a target is refused`,
  path: CONFIG,
  given,
  body: targeting({ containerApp: "weather", weight }),
  refused: parameter(`The weight '${weight}' of rules[0].targets[0] is invalid. It must be in the range of [0,100].`),
  source: RULE_ONLY,
});

export const httpRouteConfigRules: Rule[] = [
  {
    rule: "a route config is there when it is answered, under a name of the environment's domain",
    path: CONFIG,
    given,
    body: () => config({ description: "the weather" }),
    accepted: {
      name: "tools",
      type: "Microsoft.App/managedEnvironments/httpRouteConfigs",
      properties: {
        provisioningState: "Succeeded",
        provisioningErrors: [],
        fqdn: "tools.calmsea-0123abcd.westeurope.azurecontainerapps.localhost",
        rules: [{ description: "the weather", routes: [{ match: { prefix: "/tools/weather/", caseSensitive: true }, action: { prefixRewrite: "/" } }], targets: [{ containerApp: "weather" }] }],
      },
    },
    source: `${SPECIFICATION} (no long-running operation); fqdn: Azure docs, rule-based routing`,
  },
  { rule: "a route config without rules is accepted", path: CONFIG, body: () => ({ properties: {} }), accepted: { properties: { rules: [] } }, source: `${SPECIFICATION}: rules are not required` },
  { rule: "a route config is read", method: "GET", path: CONFIG, given: made, accepted: { name: "tools" }, source: SPECIFICATION },
  { rule: "the route configs of an environment are listed", method: "GET", path: `${ENVIRONMENT}/httpRouteConfigs`, given: made, accepted: { value: [{ name: "tools" }] as unknown as JsonObject }, source: SPECIFICATION },
  { rule: "a PATCH of the rules replaces them all", method: "PATCH", path: CONFIG, given: made, body: matching({ path: "/" }), accepted: { properties: { rules: [{ routes: [{ match: { path: "/", caseSensitive: true } }] }] as unknown as JsonObject } }, source: "JSON merge patch assumed; the specification's text speaks of tags only, which the type has not" },
  { rule: "a route config is deleted", method: "DELETE", path: CONFIG, given: made, accepted: true, source: `${SPECIFICATION}: 200` },
  { rule: "a route config that is not there is deleted too", method: "DELETE", path: CONFIG, accepted: true, source: `${SPECIFICATION}: 204` },
  { rule: "a route config that is not there is not found", method: "GET", path: CONFIG, refused: { status: 404, code: "ResourceNotFound", message: (world) => `The Resource 'Microsoft.App/managedEnvironments/env/httpRouteConfigs/tools' of '${world.idOf(ENVIRONMENT)}' was not found.` }, source: "ARM's code; text assumed" },
  { rule: "an environment that is not there has no route configs", path: "Microsoft.App/managedEnvironments/none/httpRouteConfigs/tools", body: () => config(), refused: { status: 404, code: "ResourceNotFound", message: /'Microsoft\.App\/managedEnvironments\/none' under resource group 'rg' was not found/ }, source: "ARM's code; text assumed" },
  { rule: "a route config needs an environment that is there whole", path: "Microsoft.App/managedEnvironments/half/httpRouteConfigs/tools", before: makeFailedEnvironment, body: () => ({ properties: {} }), refused: { code: "ManagedEnvironmentNotProvisioned", message: /managedEnvironments\/half' has not been provisioned successfully\.$/ }, source: "assumed: like an app" },
  busy("PUT", () => config()),
  busy("DELETE"),
  { rule: "a route config is an object", path: CONFIG, body: () => [] as unknown as JsonObject, refused: { code: "InvalidRequestContent", message: /the body must be a JSON object/ }, source: "ARM" },
  { rule: "properties of a route config are an object", path: CONFIG, body: () => ({ properties: [] as unknown as JsonObject }), refused: { code: "InvalidRequestContent", message: /'properties' must be an object/ }, source: "ARM" },
  badName("to"),
  badName("t".repeat(64)),
  badName("my-tools"),
  badName("1tools"),
  badName("Tools"),
  { rule: "a route config name of 63 characters is accepted", path: `${ENVIRONMENT}/httpRouteConfigs/${"t".repeat(63)}`, given, body: () => config(), accepted: true, source: SPECIFICATION },
  badMatch({}),
  badMatch({ prefix: "/a", path: "/a" }),
  badPath("prefix", "tools"),
  badPath("path", "/a?b"),
  badPath("pathSeparatedPrefix", "/a/", ", and not end with '/'"),
  badPath("pathSeparatedPrefix", "/", ", and not end with '/'"),
  { rule: "paths match in any case if that is asked for", path: CONFIG, given, body: matching({ pathSeparatedPrefix: "/a", caseSensitive: false }), accepted: { properties: { rules: [{ routes: [{ match: { pathSeparatedPrefix: "/a", caseSensitive: false } }] }] as unknown as JsonObject } }, source: SPECIFICATION },
  wrongType("a list", "rules", {}),
  wrongType("an object", "rules[0]", ["all"]),
  wrongInRule("a string", "description", { description: 5 }),
  wrongInRule("an object", "routes[0].match", { routes: [{ match: "/a" }] }),
  ...["prefix", "path", "pathSeparatedPrefix"].map((kind) => wrongInRule("a string", `routes[0].match.${kind}`, { routes: [{ match: { [kind]: 5 } }] })),
  wrongInRule("a boolean", "routes[0].match.caseSensitive", { routes: [{ match: { path: "/a", caseSensitive: "no" } }] }),
  wrongInRule("a string", "routes[0].action.prefixRewrite", { routes: [{ match: { path: "/a" }, action: { prefixRewrite: 5 } }] }),
  wrongInRule("a string", "targets[0].containerApp", { targets: [{ containerApp: 5 }] }),
  wrongInRule("a string", "targets[0].revision", { targets: [{ containerApp: "weather", revision: 5 }] }),
  wrongInRule("a string", "targets[0].label", { targets: [{ containerApp: "weather", label: 5 }] }),
  wrongInRule("an integer", "targets[0].weight", { targets: [{ containerApp: "weather", weight: "100" }] }),
  { rule: "a rewritten prefix begins with a slash", path: CONFIG, given, body: matching({ prefix: "/a" }, { prefixRewrite: "b" }), refused: parameter("rules[0].routes[0].action.prefixRewrite has an invalid value 'b'. It must begin with '/' and have no '?' and no '#'."), source: ASSUMED },
  { rule: "a rule has a target", path: CONFIG, given, body: targeting(), refused: parameter("rules[0].targets is invalid. A rule must have at least one target."), source: ASSUMED },
  { rule: "a target names its app", path: CONFIG, given, body: targeting({ weight: 100 }), refused: parameter("rules[0].targets[0] is invalid. It must have a containerApp."), source: RULE_ONLY },
  { rule: "a target's app is there", path: CONFIG, body: () => config(), refused: parameter("The container app 'weather' of rules[0].targets[0] does not exist in the environment."), source: "refusal seen by others (Terraform modules wait for the app); code and text assumed" },
  { rule: "a target's app is in the same environment", path: "Microsoft.App/managedEnvironments/v1/httpRouteConfigs/tools", given, body: () => config(), refused: parameter("The container app 'weather' of rules[0].targets[0] does not exist in the environment."), source: "rule: Azure docs, rule-based routing; code and text assumed" },
  { rule: "an internal app may be a target", path: CONFIG, given: [{ path: APP, body: internal! }], body: () => config(), accepted: true, source: "Azure docs, rule-based routing" },
  { rule: "a target is a revision or a label", path: CONFIG, given, body: targeting({ containerApp: "weather", revision: "weather--one", label: "blue" }), refused: parameter("rules[0].targets[0] is invalid. It must not have both a revision and a label."), source: ASSUMED },
  badWeight(-1),
  badWeight(101),
  { rule: "weights of targets add up to 100", path: CONFIG, given, body: targeting({ containerApp: "weather", weight: 50 }, { containerApp: "weather", label: "blue", weight: 40 }), refused: parameter("The weights of rules[0].targets add up to 90. They must add up to 100."), source: ASSUMED },
  { rule: "targets share by weight", path: CONFIG, given, body: targeting({ containerApp: "weather", weight: 60 }, { containerApp: "weather", label: "blue", weight: 40 }), accepted: true, source: SPECIFICATION },
  { rule: "rules without routes are not emulated", path: CONFIG, given, body: () => config({ routes: [] }), refused: { status: 501, code: "NotEmulated", message: /'properties\.rules\[0\]\.routes'\. Give each rule a route\./ }, source: "local/README.md" },
  { rule: "custom domains of routes are not emulated", path: CONFIG, given, body: () => config({}, { customDomains: [{ name: "example.com" }] }), refused: { status: 501, code: "NotEmulated", message: /'properties\.customDomains'\./ }, source: "local/README.md" },
  { rule: "a route config does not take an app's address", path: `${ENVIRONMENT}/httpRouteConfigs/weather`, given, body: () => config(), refused: parameter("The http route config name 'weather' is invalid. The container app 'weather' has the same address."), source: ASSUMED },
  { rule: "an internal app has another address", path: `${ENVIRONMENT}/httpRouteConfigs/weather`, given: [{ path: APP, body: internal! }], body: () => config(), accepted: true, source: ASSUMED },
  { rule: "an app does not take a route config's address", path: "Microsoft.App/containerApps/tools", given: made, body: appBody, refused: parameter("The container app name 'tools' is invalid. An http route config of the environment 'env' has the same address."), source: ASSUMED },
  { rule: "an app that routes lead to is deleted", method: "DELETE", path: APP, given: made, accepted: true, source: ASSUMED },
  { rule: "an environment with route configs is deleted", method: "DELETE", path: ENVIRONMENT, given: [{ path: CONFIG, body: () => ({ properties: {} }) }], accepted: true, source: `${ASSUMED}: they go with it` },
];
