import { isAbsent, isObject } from "./json.ts";

/** Types of the values in a body; `texts` is an object whose values all are texts. What is absent has every type. */
export type Shape = "string" | "number" | "integer" | "boolean" | "any" | "texts" | readonly [Shape] | { readonly [name: string]: Shape };

/** The service's own refusal of the value at a path, and what it should be: `a string`. */
type Refusal = (path: string, wanted: string) => Error;

/** @throws what `refusal` makes of the path of the first value of a wrong type */
export function checkAgainst(value: unknown, shape: Shape, path: string, refusal: Refusal): void {
  if (isAbsent(value) || shape === "any") return;
  if (typeof shape === "string") {
    if (!conforms(value, shape)) throw refusal(path, `${/^[aeiou]/.test(shape) ? "an" : "a"} ${shape}`);
  } else if (isList(shape)) {
    if (!Array.isArray(value)) throw refusal(path, "a list");
    value.forEach((item, index) => {
      if (isAbsent(item)) throw refusal(`${path}[${index}]`, "given");
      checkAgainst(item, shape[0], `${path}[${index}]`, refusal);
    });
  } else {
    if (!isObject(value)) throw refusal(path, "an object");
    for (const [name, inner] of Object.entries(shape)) checkAgainst(value[name], inner, `${path}.${name}`, refusal);
  }
}

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape);

function conforms(value: unknown, shape: string): boolean {
  switch (shape) {
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "texts":
      return isObject(value) && Object.values(value).every((text) => typeof text === "string");
    default:
      return typeof value === shape;
  }
}
