import type { Unsupported } from "../not-emulated.ts";

/** Properties of http route configs that Azure has and the miniature has not. */
export const NOT_EMULATED: Unsupported[] = [
  { path: "properties.customDomains" },
  { path: "properties.rules[].routes", asks: (value) => !Array.isArray(value) || value.length === 0, instead: "Give each rule a route." },
];
