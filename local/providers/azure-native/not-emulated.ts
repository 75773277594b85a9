import { NOT_EMULATED_PAGE } from "../../arm/errors.ts";
import { notEmulatedIn, UNDECIDED } from "../../arm/not-emulated.ts";
import { isMap, reveal, Unknown } from "../grpc/property-values.ts";
import { requestBody } from "./wire-format.ts";
import type { PropertyMap, PropertyValue } from "../grpc/property-values.ts";
import type { Properties, Property, ResourceType } from "./schema.ts";

/**
 * What ARM of the miniature would refuse with `NotEmulated`, known before anything is asked of it: a line for each property, by the
 * name that the program gives it. A value that only the deployment will know passes, and meets ARM.
 * @param problems what is wrong with the inputs anyway; a property that is in it is not named twice
 */
export function notEmulated(type: ResourceType, inputs: PropertyMap, problems: string[]): string[] {
  const given = reveal(inputs);
  const body = withUndecided(requestBody(type, given)) as Record<string, unknown>;
  const lacking = notEmulatedIn(body, type.notEmulated).map(({ path, instead }) => ({ path: asProgramNames(path, type), instead }));
  return [
    ...lacking
      .filter(({ path }) => !problems.some((problem) => isAbout(problem, path)))
      .map(({ path, instead }) => `Azure in miniature does not emulate '${path}' of ${type.token}.${instead ? ` ${instead}` : ""} See ${NOT_EMULATED_PAGE}`),
    ...notProperties(type, given).map((path) => `'${path}' is no property that ${type.token} takes. See ${NOT_EMULATED_PAGE}`),
  ];
}

/** The SDK lifts what is in ARM's `properties` out of it, except of types whose inputs have `properties` themselves. */
const asProgramNames = (path: string, { envelope }: ResourceType) => (envelope["properties"] ? path : path.replace(/^properties\./, ""));

const isAbout = (problem: string, path: string) => ["'", ".", "["].some((end) => problem.includes(`'${path}${end}`));

function withUndecided(value: PropertyValue): unknown {
  if (value instanceof Unknown) return UNDECIDED;
  if (Array.isArray(value)) return value.map(withUndecided);
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withUndecided(each)])) : value;
}

/** Inputs that the type does not have, or that only ARM sets: they would be left out of the request without a word. */
function notProperties(type: ResourceType, { azureApiVersion: _version, ...inputs }: PropertyMap): string[] {
  const names = Object.keys(type.parameters);
  const rest = Object.fromEntries(Object.entries(inputs).filter(([name]) => !names.includes(name) && !name.startsWith("__")));
  return unknownIn({ ...type.envelope, ...type.properties }, rest, "");
}

function unknownIn(properties: Properties, values: PropertyMap, base: string): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const path = base === "" ? name : `${base}.${name}`;
    const property = properties[name];
    return property === undefined || property.readOnly === true ? [path] : unknownInValue(property, value, path);
  });
}

function unknownInValue(property: Property, value: PropertyValue, path: string): string[] {
  if (property.type === "array" && Array.isArray(value)) return value.flatMap((item, index) => unknownInValue(property.items, item, `${path}[${index}]`));
  return property.type === "object" && isMap(value) ? unknownIn(property.properties, value, path) : [];
}
