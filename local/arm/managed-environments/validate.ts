import { ArmError } from "../errors.ts";
import { isEmpty, objectOf, objectsOf, type JsonObject } from "../json.ts";
import type { Desired } from "../service.ts";
import { DAPR_VERSION, ENVIRONMENT_NAME, KEDA_VERSION, LOG_ANALYTICS, LOG_DESTINATIONS } from "./constants.ts";

export function checkEnvironmentName(name: string): void {
  if (ENVIRONMENT_NAME.test(name)) return;
  throw new ArmError("ManagedEnvironmentInvalidName", `The environment name ${name} is invalid.`);
}

/** The settings of an environment with the service's defaults. */
export function acceptEnvironment({ properties }: Desired): JsonObject {
  const logs = acceptLogs(objectOf(properties["appLogsConfiguration"]));
  const profiles = acceptProfiles(properties["workloadProfiles"]);
  return {
    ...(logs && { appLogsConfiguration: logs }),
    ...(profiles && { workloadProfiles: profiles }),
    zoneRedundant: false,
    kedaConfiguration: { version: KEDA_VERSION },
    daprConfiguration: { version: DAPR_VERSION },
    peerAuthentication: { mtls: { enabled: false } },
    peerTrafficConfiguration: { encryption: { enabled: false } },
    publicNetworkAccess: "Enabled",
  };
}

function acceptLogs(logs: JsonObject): JsonObject | undefined {
  const { destination } = logs;
  if (isEmpty(destination)) return undefined;
  if (!LOG_DESTINATIONS.includes(String(destination))) {
    throw invalidParameter(`AppLogsConfiguration.Destination is invalid.  Must be one of ${LOG_DESTINATIONS.join(", ")}`);
  }
  if (destination !== LOG_ANALYTICS) return { destination };
  const { customerId, sharedKey } = objectOf(logs["logAnalyticsConfiguration"]);
  if (isEmpty(customerId) || isEmpty(sharedKey)) {
    throw invalidParameter("LogAnalyticsConfiguration is invalid.  Must provide a valid LogAnalyticsConfiguration");
  }
  return { destination, logAnalyticsConfiguration: { customerId, sharedKey, dynamicJsonColumns: false } };
}

function acceptProfiles(profiles: unknown): JsonObject[] | undefined {
  const given = objectsOf(profiles);
  if (given.length === 0) return undefined;
  const names = new Set<string>();
  for (const { name, workloadProfileType } of given) {
    if (typeof name !== "string" || name === "" || typeof workloadProfileType !== "string") {
      throw invalidParameter("WorkloadProfiles is invalid.  Each must have a name and a workloadProfileType");
    }
    if (names.has(name)) throw invalidParameter(`WorkloadProfiles is invalid.  The name '${name}' is given twice`);
    names.add(name);
  }
  return given.map(({ name, workloadProfileType }) => ({ name, workloadProfileType }));
}

const invalidParameter = (message: string) => new ArmError("InvalidRequestParameterWithDetails", message);
