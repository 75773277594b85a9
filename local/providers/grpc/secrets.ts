import { containsSecret, isMap, Secret } from "./property-values.ts";
import type { PropertyMap, PropertyValue } from "./property-values.ts";

/**
 * Marks as secret what came out of a secret: an output under the same path as a secret input. An array that holds
 * secrets is marked as a whole, because the service may answer its items in another order (what the engine itself
 * does for providers that take no secrets).
 */
export function keepSecrets(outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(outputs).map(([key, output]) => [key, keepSecret(output, inputs[key])]));
}

function keepSecret(output: PropertyValue, input: PropertyValue | undefined): PropertyValue {
  if (output instanceof Secret) return output;
  if (input instanceof Secret) return new Secret(output);
  if (Array.isArray(output) && Array.isArray(input)) return containsSecret(input) ? new Secret(output) : output;
  if (isMap(output) && isMap(input)) return keepSecrets(output, input);
  return output;
}
