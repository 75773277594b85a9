import { NOT_EMULATED } from "../../../arm/http-route-configs/not-emulated.ts";
import { array, boolean, integer, object, readOnly, required, string } from "../schema.ts";
import { identification, resourceGroupName, systemData } from "./common.ts";
import type { ResourceType } from "../schema.ts";

/**
 * The SDK leaves `properties` as it is here. The specification's identifiers of the lists name a property that their items have not,
 * so items are told apart by their position.
 */
export const httpRouteConfig: ResourceType = {
  token: "azure-native:app:HttpRouteConfig",
  getter: "azure-native:app:getHttpRouteConfig",
  apiVersion: "2025-02-02-preview",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.App/managedEnvironments/{environmentName}/httpRouteConfigs/{httpRouteName}",
  parameters: {
    resourceGroupName,
    environmentName: {},
    httpRouteName: { minLength: 3, maxLength: 63, pattern: "^[a-z][a-z0-9]*$", autoName: "random" },
  },
  envelope: {
    ...identification,
    systemData,
    properties: object({
      customDomains: array(object({ bindingType: string(), certificateId: string(), name: string({ required }) }), { key: ["name"] }),
      rules: array(
        object({
          description: string(),
          routes: array(
            object({
              action: object({ prefixRewrite: string() }),
              match: object({ caseSensitive: boolean(), path: string(), pathSeparatedPrefix: string(), prefix: string() }),
            }),
          ),
          targets: array(object({ containerApp: string({ required }), label: string(), revision: string(), weight: integer({ minimum: 0, maximum: 100 }) })),
        }),
      ),
      fqdn: string({ readOnly }),
      provisioningErrors: array(object({ message: string({ readOnly }), timestamp: string({ readOnly }) }), { readOnly }),
      provisioningState: string({ readOnly }),
    }),
  },
  properties: {},
  notEmulated: NOT_EMULATED,
};
