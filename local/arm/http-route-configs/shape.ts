import { invalidParameter } from "../container-apps/errors.ts";
import { checkAgainst, type Shape } from "../shapes.ts";

/** API specification (ManagedEnvironmentsHttpRouteConfig.json), `HttpRouteConfig.properties.rules`. */
const RULES: Shape = [
  {
    description: "string",
    routes: [
      {
        match: { prefix: "string", path: "string", pathSeparatedPrefix: "string", caseSensitive: "boolean" },
        action: { prefixRewrite: "string" },
      },
    ],
    targets: [{ containerApp: "string", revision: "string", label: "string", weight: "integer" }],
  },
];

/** @throws ArmError that names the first value of a wrong type */
export function checkRulesShape(rules: unknown): void {
  checkAgainst(rules, RULES, "rules", (path, wanted) => invalidParameter(`${path} is invalid. It must be ${wanted}.`));
}
