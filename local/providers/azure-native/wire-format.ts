import { isMap } from "../grpc/property-values.ts";
import type { PropertyMap, PropertyValue } from "../grpc/property-values.ts";
import type { Properties, Property, ResourceType } from "./schema.ts";

/** The body of the PUT. Properties that the type does not have are left out, as azure-native leaves them out. */
export function requestBody(type: ResourceType, inputs: PropertyMap): PropertyMap {
  const body = wireProperties(type.envelope, inputs);
  const properties = wireProperties(type.properties, inputs);
  if (Object.keys(properties).length > 0) body["properties"] = properties;
  return body;
}

function wireProperties(properties: Properties, inputs: PropertyMap): PropertyMap {
  const body: PropertyMap = {};
  for (const [name, property] of Object.entries(properties)) {
    const value = inputs[name];
    if (value !== undefined && property.readOnly !== true) body[property.wireName ?? name] = wireValue(property, value);
  }
  return body;
}

function wireValue(property: Property, value: PropertyValue): PropertyValue {
  if (Array.isArray(value)) {
    if (property.type === "string-set") return Object.fromEntries(value.filter((item) => typeof item === "string").map((item) => [item, {}]));
    return property.type === "array" ? value.map((item) => wireValue(property.items, item)) : value;
  }
  if (!isMap(value)) return value;
  if (property.type === "object") return wireProperties(property.properties, value);
  return property.type === "map" ? mapValues(value, (item) => wireValue(property.values, item)) : value;
}

/** What ARM answered, in the SDK's shape: `properties` flattened, names of the SDK, nothing that the type does not have. */
export function responseOutputs(type: ResourceType, response: PropertyMap): PropertyMap {
  const inner = response["properties"];
  return {
    ...sdkProperties(type.envelope, response),
    ...(isMap(inner) ? sdkProperties(type.properties, inner) : {}),
    azureApiVersion: type.apiVersion,
  };
}

function sdkProperties(properties: Properties, response: PropertyMap): PropertyMap {
  const outputs: PropertyMap = {};
  for (const [name, property] of Object.entries(properties)) {
    const value = response[property.wireName ?? name];
    if (value !== undefined && value !== null && property.writeOnly !== true) outputs[name] = sdkValue(property, value);
  }
  return outputs;
}

function sdkValue(property: Property, value: PropertyValue): PropertyValue {
  if (Array.isArray(value)) return property.type === "array" ? value.map((item) => sdkValue(property.items, item)) : value;
  if (!isMap(value)) return value;
  if (property.type === "object") return sdkProperties(property.properties, value);
  return property.type === "map" || property.type === "string-set" ? mapValues(value, (item) => sdkValue(property.values, item)) : value;
}

function mapValues(values: PropertyMap, convert: (value: PropertyValue) => PropertyValue): PropertyMap {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, convert(value)]));
}
