import { unknown } from "../grpc/property-values.ts";
import { autoName, CREATE_BEFORE_DELETE } from "./auto-name.ts";
import type { CheckRequest, ResourceContext } from "../grpc/provider.ts";
import type { PropertyMap, PropertyValue } from "../grpc/property-values.ts";
import type { ResourceType } from "./schema.ts";

/** The program's inputs with the name, the location and the API version that it left out. */
export async function withDefaults(
  type: ResourceType,
  request: CheckRequest,
  context: Pick<ResourceContext, "urn" | "name" | "config">,
  locationOfGroup: (resourceGroupName: string) => Promise<string | undefined>,
): Promise<PropertyMap> {
  const inputs: PropertyMap = { ...request.news };
  for (const [parameter, { autoName: kind }] of Object.entries(type.parameters)) {
    if (inputs[parameter] !== undefined || kind === undefined) continue;
    const name = autoName(kind, parameter, { ...request, ...context });
    if (name === undefined) continue;
    inputs[parameter] = name.value;
    if (name.random) inputs[CREATE_BEFORE_DELETE] = true;
  }
  if ("location" in type.envelope && inputs["location"] === undefined) {
    const location = await defaultLocation(inputs, request.olds, context.config, locationOfGroup);
    if (location !== undefined) inputs["location"] = location;
  }
  inputs["azureApiVersion"] ??= type.apiVersion;
  return inputs;
}

/** The one it has, else the configured one, else its resource group's. */
async function defaultLocation(
  inputs: PropertyMap,
  olds: PropertyMap | undefined,
  config: PropertyMap,
  locationOfGroup: (resourceGroupName: string) => Promise<string | undefined>,
): Promise<PropertyValue | undefined> {
  const known = olds?.["location"] ?? config["location"];
  if (known !== undefined) return known;
  const group = inputs["resourceGroupName"];
  if (group === undefined) return undefined;
  return typeof group === "string" ? locationOfGroup(group) : unknown;
}
