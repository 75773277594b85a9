import { isMap, Secret, Unknown } from "../grpc/property-values.ts";
import type { PropertyMap, PropertyValue } from "../grpc/property-values.ts";
import type { PathParameter, Properties, Property, ResourceType } from "./schema.ts";

/**
 * What azure-native refuses before any request, in its words. Unknown values pass, enum values are ARM's business.
 */
export function validate(type: ResourceType, inputs: PropertyMap): string[] {
  const problems: string[] = [];
  for (const [name, parameter] of Object.entries(type.parameters)) {
    const value = inputs[name];
    if (value === undefined) problems.push(missing(name));
    else problems.push(...validateProperty(name, asProperty(parameter), value));
  }
  return [...problems, ...validateProperties("", { ...type.envelope, ...type.properties }, inputs)];
}

function asProperty(parameter: PathParameter): Property {
  const { minLength, maxLength, pattern } = parameter;
  return { type: "string", minLength, maxLength, pattern };
}

function missing(path: string): string {
  const help = path === "location" ? ". Either set it explicitly or configure it with 'pulumi config set azure-native:location <value>'." : "";
  return `missing required property '${path}'${help}`;
}

function validateProperties(base: string, properties: Properties, values: PropertyMap): string[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    if (property.readOnly === true) return [];
    const path = base === "" ? name : `${base}.${name}`;
    const value = values[name];
    if (value === undefined) return property.required === true ? [missing(path)] : [];
    return validateProperty(path, property, value);
  });
}

function validateProperty(path: string, property: Property, value: PropertyValue): string[] {
  if (value instanceof Unknown) return [];
  if (value instanceof Secret) return validateProperty(path, property, value.value);
  if (Array.isArray(value)) {
    if (property.type === "string-set") return value.flatMap((item, index) => validateProperty(`${path}[${index}]`, { type: "string" }, item));
    if (property.type !== "array") return [wrongType(path, property, "an array")];
    return value.flatMap((item, index) => validateProperty(`${path}[${index}]`, property.items, item));
  }
  if (isMap(value)) return property.type === "object" ? validateProperties(path, property.properties, value) : [];
  if (typeof value === "string") return validateString(path, property, value);
  if (typeof value === "number") return validateNumber(path, property, value);
  return [];
}

function wrongType(path: string, property: Property, got: string): string {
  return `'${path}' should be of type '${property.type === "string-set" ? "array" : property.type}' but got ${got}`;
}

function validateString(path: string, property: Property, value: string): string[] {
  if (property.type !== "string") return [wrongType(path, property, "a string")];
  const { minLength, maxLength, pattern } = property;
  const problems: string[] = [];
  const length = Buffer.byteLength(value);
  if (minLength !== undefined && length < minLength) problems.push(`'${path}' is too short (${length}): at least ${minLength} characters required`);
  if (maxLength !== undefined && length > maxLength) problems.push(`'${path}' is too long (${length}): at most ${maxLength} characters allowed`);
  if (pattern !== undefined && !new RegExp(pattern).test(value)) problems.push(`'${path}' does not match expression '${pattern}'`);
  return problems;
}

function validateNumber(path: string, property: Property, value: number): string[] {
  if (property.type !== "integer" && property.type !== "number") return [wrongType(path, property, "a number")];
  const { minimum, maximum } = property;
  const shown = value.toFixed(6);
  const problems: string[] = [];
  if (property.type === "integer" && !Number.isInteger(value)) problems.push(`'${path}' must be an integer but got ${shown}`);
  if (minimum !== undefined && value < minimum) problems.push(`'${path}' is too low (${shown} < ${minimum.toFixed(6)})`);
  if (maximum !== undefined && value > maximum) problems.push(`'${path}' is too high (${shown} > ${maximum.toFixed(6)})`);
  return problems;
}
