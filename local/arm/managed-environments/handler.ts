import { appsIn } from "../container-apps/lookup.ts";
import { ArmError } from "../errors.ts";
import { httpRouteConfigs } from "../http-route-configs/handler.ts";
import { isEmpty, objectOf, type JsonObject } from "../json.ts";
import { storages } from "../managed-environment-storages/handler.ts";
import { resourceGroupOf, subscriptionOf } from "../resource-id.ts";
import type { TrackedType } from "../service.ts";
import { verificationId } from "../verification-id.ts";
import { MANAGED_ENVIRONMENTS } from "./constants.ts";
import { NOT_EMULATED } from "./not-emulated.ts";
import { acceptEnvironment, checkEnvironmentName } from "./validate.ts";

export const managedEnvironments: TrackedType = {
  type: MANAGED_ENVIRONMENTS,
  states: { creating: "InitializationInProgress", updating: "Waiting", deleting: "ScheduledForDelete" },
  children: [httpRouteConfigs, storages],

  accept(desired, _call, existing) {
    checkEnvironmentName(desired.name);
    const { defaultDomain, staticIp } = existing?.document.properties ?? {};
    return {
      properties: { ...acceptEnvironment(desired), ...(defaultDomain !== undefined && { defaultDomain }), ...(staticIp !== undefined && { staticIp }) },
    };
  },

  notEmulated: NOT_EMULATED,

  present({ document }, { endpoint }) {
    const { id, location } = document;
    const [subscription, group] = [subscriptionOf(id), resourceGroupOf(id)];
    return {
      ...document,
      properties: {
        ...withoutSharedKey(document.properties),
        customDomainConfiguration: { customDomainVerificationId: verificationId(id) },
        infrastructureResourceGroup: `ME_${document.name}_${group}_${location}`,
        eventStreamEndpoint: `${endpoint}/subscriptions/${subscription}/resourceGroups/${group}/managedEnvironments/${document.name}/eventstream`,
      },
    };
  },

  apply: async ({ document }, { hosts }) => ({ ...(await hosts.environments.start(document)) }),

  remove: ({ document }, { hosts }) => hosts.environments.remove(document.id),

  checkRemove(stored, context) {
    const apps = appsIn(stored.document.id, context).length;
    if (apps === 0) return;
    throw new ArmError(
      "ManagedEnvironmentHasContainerApps",
      `The specified environment ${stored.document.name} cannot be deleted because it still contains ${apps} Container Apps.`,
      409,
    );
  },

  busy: ({ document }) =>
    new ArmError(
      "ManagedEnvironmentOperationInProgress",
      `Cannot modify Container Apps environment ${document.name} because another operation is in progress.`,
      409,
    ),
};

function withoutSharedKey(properties: JsonObject): JsonObject {
  const logs = objectOf(properties["appLogsConfiguration"]);
  if (isEmpty(logs["logAnalyticsConfiguration"])) return properties;
  const { sharedKey: _secret, ...shown } = objectOf(logs["logAnalyticsConfiguration"]);
  return { ...properties, appLogsConfiguration: { ...logs, logAnalyticsConfiguration: shown } };
}
