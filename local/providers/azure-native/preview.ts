import { isMap, Secret, unknown, Unknown } from "../grpc/property-values.ts";
import type { PropertyMap, PropertyValue } from "../grpc/property-values.ts";
import type { Properties, Property, ResourceType } from "./schema.ts";

/**
 * Outputs as far as a preview can know them: what the program gives, and an unknown for each property that it leaves
 * to ARM, at every depth (`configuration.ingress.fqdn`).
 */
export function previewOutputs(type: ResourceType, inputs: PropertyMap): PropertyMap {
  const outputs = previewProperties({ ...type.envelope, ...type.properties }, inputs);
  return { ...outputs, azureApiVersion: type.apiVersion };
}

function previewProperties(properties: Properties, inputs: PropertyMap): PropertyMap {
  const outputs: PropertyMap = {};
  for (const [name, property] of Object.entries(properties)) {
    if (property.writeOnly !== true) outputs[name] = previewValue(property, inputs[name] ?? unknown);
  }
  return outputs;
}

function previewValue(property: Property, input: PropertyValue): PropertyValue {
  if (input instanceof Unknown) return unknown;
  if (input instanceof Secret) return new Secret(previewValue(property, input.value));
  if (property.type === "array") return Array.isArray(input) ? input.map((item) => previewValue(property.items, item)) : unknown;
  if (property.type === "map" || property.type === "object") {
    if (!isMap(input)) return unknown;
    if (property.type === "object") return previewProperties(property.properties, input);
    return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, previewValue(property.values, value)]));
  }
  // Which identities get which ids is ARM's answer.
  return property.type === "string-set" ? unknown : input;
}
