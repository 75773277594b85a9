import { ArmError, notEmulated } from "../errors.ts";
import { isEmpty, objectOf, objectsOf, type JsonObject } from "../json.ts";
import type { Desired } from "../service.ts";
import { CONSUMPTION, DAPR_VERSION, ENVIRONMENT_NAME, KEDA_VERSION, LOG_ANALYTICS, LOG_DESTINATIONS } from "./constants.ts";

/** Properties of an environment that Azure has and the miniature has not. */
const UNSUPPORTED = [
  "appInsightsConfiguration",
  "daprAIConnectionString",
  "daprAIInstrumentationKey",
  "diskEncryptionConfiguration",
  "ingressConfiguration",
  "openTelemetryConfiguration",
];

export function checkEnvironmentName(name: string): void {
  if (ENVIRONMENT_NAME.test(name)) return;
  throw new ArmError("ManagedEnvironmentInvalidName", `The environment name ${name} is invalid.`);
}

/** The settings of an environment with the service's defaults. */
export function acceptEnvironment({ properties, identity, kind }: Desired): JsonObject {
  checkEmulated(properties, identity, kind);
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
  if (typeof destination !== "string" || !LOG_DESTINATIONS.includes(destination)) {
    throw invalidParameter(`AppLogsConfiguration.Destination is invalid.  Must be one of ${LOG_DESTINATIONS.join(", ")}`);
  }
  if (destination === "azure-monitor") throw notEmulated("the log destination azure-monitor", "Use log-analytics or none.");
  if (destination !== LOG_ANALYTICS) return { destination };
  const { customerId, sharedKey, dynamicJsonColumns } = objectOf(logs["logAnalyticsConfiguration"]);
  if (isEmpty(customerId) || isEmpty(sharedKey)) {
    throw invalidParameter("LogAnalyticsConfiguration is invalid.  Must provide a valid LogAnalyticsConfiguration");
  }
  return { destination, logAnalyticsConfiguration: { customerId, sharedKey, dynamicJsonColumns: dynamicJsonColumns === true } };
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
    if (workloadProfileType !== CONSUMPTION) {
      throw notEmulated(`the workload profile type ${workloadProfileType}`, `Use ${CONSUMPTION}.`);
    }
    names.add(name);
  }
  return given.map(({ name, workloadProfileType }) => ({ name, workloadProfileType }));
}

function checkEmulated(properties: JsonObject, identity: unknown, kind: unknown): void {
  const network = objectOf(properties["vnetConfiguration"]);
  if (!isEmpty(network["infrastructureSubnetId"])) throw notEmulated("environments in a virtual network (vnetConfiguration)");
  if (network["internal"] === true) throw notEmulated("internal environments (vnetConfiguration.internal)");
  if (properties["zoneRedundant"] === true) throw notEmulated("zone-redundant environments");
  if (properties["publicNetworkAccess"] === "Disabled") throw notEmulated("environments without public network access");
  if (!isEmpty(objectOf(properties["customDomainConfiguration"])["dnsSuffix"])) throw notEmulated("custom DNS suffixes (customDomainConfiguration)");
  const mtls = objectOf(objectOf(properties["peerAuthentication"])["mtls"]);
  const encryption = objectOf(objectOf(properties["peerTrafficConfiguration"])["encryption"]);
  if (mtls["enabled"] === true || encryption["enabled"] === true) throw notEmulated("encryption between apps");
  for (const name of UNSUPPORTED) {
    if (!isEmpty(properties[name])) throw notEmulated(`properties.${name} of an environment`);
  }
  const type = objectOf(identity)["type"];
  if (!isEmpty(type) && type !== "None") throw notEmulated("identities of environments");
  if (!isEmpty(kind)) throw notEmulated(`environments of the kind '${kind}'`);
}

const invalidParameter = (message: string) => new ArmError("InvalidRequestParameterWithDetails", message);
