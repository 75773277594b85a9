import type { PropertyMap } from "../grpc/property-values.ts";
import type { ResourceType } from "./schema.ts";

/**
 * @param inputs checked inputs; what a path parameter needs is in them.
 * @returns the ARM id, its parameters percent-encoded except those that are paths themselves.
 */
export function resourceId(path: string, parameters: ResourceType["parameters"], inputs: PropertyMap, subscriptionId: string): string {
  return path.replace(/\{(\w+)\}/g, (_match, name: string) => {
    if (name === "subscriptionId") return subscriptionId;
    const value = inputs[name];
    if (typeof value !== "string") throw new Error(`expected string value for path parameter '${name}', got ${value === undefined ? "nothing" : typeof value}`);
    return parameters[name]?.isPath === true ? value.replace(/^\/+|\/+$/g, "") : encodeURIComponent(value);
  });
}

/** Path parameters of an id, without the subscription. @throws Error when the id is of another type. */
export function parseResourceId(id: string, type: ResourceType): PropertyMap {
  const pattern = type.path.replace(/\{(\w+)\}/g, (_match, name: string) =>
    type.parameters[name]?.isPath === true ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`,
  );
  const groups = new RegExp(`^${pattern}$`, "i").exec(id)?.groups;
  if (groups === undefined) throw new Error(`'${id}' is no id of a ${type.token}: expected ${type.path}`);
  const values: PropertyMap = {};
  for (const [name, parameter] of Object.entries(type.parameters)) {
    const value = groups[name] ?? "";
    values[name] = parameter.isPath === true ? `/${value.replace(/^\//, "")}` : decodeURIComponent(value);
  }
  return values;
}
