import { NOT_EMULATED } from "../../../arm/resources/not-emulated.ts";
import { createOnly, map, object, readOnly, required, string } from "../schema.ts";
import { identification } from "./common.ts";
import type { ResourceType } from "../schema.ts";

export const resourceGroup: ResourceType = {
  token: "azure-native:resources:ResourceGroup",
  getter: "azure-native:resources:getResourceGroup",
  apiVersion: "2024-03-01",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}",
  parameters: { resourceGroupName: { minLength: 1, maxLength: 90, pattern: "^[-\\w\\._\\(\\)]+$", autoName: "random" } },
  envelope: {
    ...identification,
    location: string({ required, createOnly }),
    managedBy: string(),
    tags: map(string()),
    // The SDK does not flatten this one.
    properties: object({ provisioningState: string({ readOnly }) }, { readOnly }),
  },
  properties: {},
  notEmulated: NOT_EMULATED,
};
