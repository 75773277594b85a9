import { isMap, reveal, sameValue, Secret } from "../grpc/property-values.ts";
import type { PropertyMap, PropertyValue } from "../grpc/property-values.ts";
import type { Properties, Property, ResourceType } from "./schema.ts";

/**
 * Inputs after a refresh: what changed between the old and the new outputs is changed in the inputs too. Defaults
 * that ARM filled in stay out of them, and what ARM never answers (keys, secret values) stays in.
 */
export function refreshedInputs(type: ResourceType, oldInputs: PropertyMap, oldOutputs: PropertyMap, newOutputs: PropertyMap): PropertyMap {
  // Without outputs to compare with, every default of ARM's would look like drift.
  if (Object.keys(oldOutputs).length === 0) return oldInputs;
  const properties = { ...type.envelope, ...type.properties };
  return applyChange(oldInputs, asInputs(properties, reveal(oldOutputs)), asInputs(properties, newOutputs));
}

/** Inputs of a resource that is imported: all that ARM says of it and the program may set. */
export function importedInputs(type: ResourceType, pathValues: PropertyMap, outputs: PropertyMap): PropertyMap {
  const body = withoutEmptyCollections(asInputs({ ...type.envelope, ...type.properties }, outputs));
  return { ...(isMap(body) ? body : {}), ...pathValues };
}

function asInputs(properties: Properties, outputs: PropertyMap): PropertyMap {
  const inputs: PropertyMap = {};
  for (const [name, property] of Object.entries(properties)) {
    const value = outputs[name];
    if (value !== undefined && property.readOnly !== true && property.writeOnly !== true) inputs[name] = asInput(property, value);
  }
  return inputs;
}

function asInput(property: Property, value: PropertyValue): PropertyValue {
  if (Array.isArray(value)) return property.type === "array" ? value.map((item) => asInput(property.items, item)) : value;
  if (!isMap(value)) return value;
  if (property.type === "string-set") return Object.keys(value).sort();
  if (property.type === "object") return asInputs(property.properties, value);
  if (property.type !== "map") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asInput(property.values, item)]));
}

function applyChange(inputs: PropertyMap, before: PropertyMap, after: PropertyMap): PropertyMap {
  const result: PropertyMap = {};
  for (const [key, value] of Object.entries(inputs)) {
    const deleted = key in before && !(key in after);
    if (!deleted) result[key] = value;
  }
  for (const [key, value] of Object.entries(after)) {
    const old = before[key];
    if (sameValue(old, value)) continue;
    const input = inputs[key];
    result[key] = input === undefined || old === undefined ? value : applyValueChange(input, old, value);
  }
  return result;
}

function applyValueChange(input: PropertyValue, before: PropertyValue, after: PropertyValue): PropertyValue {
  if (input instanceof Secret) return new Secret(applyValueChange(input.value, before, after));
  if (isMap(input) && isMap(before) && isMap(after)) return applyChange(input, before, after);
  if (Array.isArray(input) && Array.isArray(before) && Array.isArray(after)) {
    return after.map((item, index) => {
      const [base, old] = [input[index], before[index]];
      return base === undefined || old === undefined ? item : applyValueChange(base, old, item);
    });
  }
  return after;
}

function withoutEmptyCollections(value: PropertyValue): PropertyValue | undefined {
  if (Array.isArray(value)) {
    const items = value.map(withoutEmptyCollections).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (!isMap(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, withoutEmptyCollections(item)] as const);
  const kept = entries.filter((entry): entry is readonly [string, PropertyValue] => entry[1] !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
