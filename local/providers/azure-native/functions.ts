import { NOT_EMULATED_PAGE } from "../../arm/errors.ts";
import { reveal } from "../grpc/property-values.ts";
import { resourceId } from "./resource-id.ts";
import { resourceTypes } from "./resource-types/index.ts";
import { responseOutputs } from "./wire-format.ts";
import type { PropertyMap } from "../grpc/property-values.ts";
import type { ArmClient } from "./arm-client.ts";
import type { Caller } from "./caller.ts";

type Invoke = (args: PropertyMap, arm: ArmClient, caller: Caller) => Promise<PropertyMap>;

const WORKSPACE_PATH = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}";
const WORKSPACE_API_VERSION = "2023-09-01";

const special: Record<string, Invoke> = {
  "azure-native:authorization:getClientConfig": async (_args, _arm, caller) => ({
    clientId: caller.clientId,
    objectId: caller.principalId,
    subscriptionId: caller.subscriptionId,
    tenantId: caller.tenantId,
  }),
  "azure-native:authorization:getClientToken": async (args, _arm, caller) => {
    const asked = args["endpoint"];
    return { token: await caller.issueToken(typeof asked === "string" && asked !== "" ? asked : caller.resourceManagerAudience) };
  },
  "azure-native:operationalinsights:getSharedKeys": async (args, arm, caller) => {
    const id = resourceId(WORKSPACE_PATH, {}, args, caller.subscriptionId);
    const { primarySharedKey, secondarySharedKey } = await arm.post(`${id}/sharedKeys`, WORKSPACE_API_VERSION, {});
    return { primarySharedKey: primarySharedKey ?? null, secondarySharedKey: secondarySharedKey ?? null };
  },
};

const getters: Record<string, Invoke> = Object.fromEntries(
  resourceTypes
    .filter((type) => type.getter !== undefined)
    .map((type) => [
      type.getter,
      async (args: PropertyMap, arm: ArmClient, caller: Caller) => {
        const id = resourceId(type.path, type.parameters, args, caller.subscriptionId);
        const response = await arm.get(id, type.apiVersion);
        if (response === undefined) throw new Error(`request failed ${id}: Status=404 Code="ResourceNotFound" Message="The resource '${id}' was not found."`);
        return { ...responseOutputs(type, response), id: response["id"] ?? id };
      },
    ]),
);

/** What a function answers. Neither secrets nor unknowns may be in it: whoever calls marks the keys. */
export function invoke(token: string, args: PropertyMap, arm: ArmClient, caller: Caller): Promise<PropertyMap> {
  const found = special[token] ?? getters[token];
  if (found !== undefined) return found(reveal(args), arm, caller);
  const known = [...Object.keys(special), ...Object.keys(getters)].join(", ");
  throw new Error(`Azure in miniature has no function '${token}'. It has: ${known}. See ${NOT_EMULATED_PAGE}`);
}
