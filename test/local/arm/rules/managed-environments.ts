import { appBody, CONSUMPTION_PROFILE, ENVIRONMENT, LOCATION } from "../../../support/platform-bodies.ts";
import type { Rule } from "./rule.ts";

const OTHER = "Microsoft.App/managedEnvironments/other";
const environment = (properties: Record<string, unknown> = {}) => () => ({ location: LOCATION, properties });
const logs = (configuration: Record<string, unknown>) => environment({ appLogsConfiguration: { destination: "log-analytics", logAnalyticsConfiguration: configuration } });
const invalidLogs = { code: "InvalidRequestParameterWithDetails", message: "LogAnalyticsConfiguration is invalid.  Must provide a valid LogAnalyticsConfiguration" };
const SEEN_LOGS = "microsoft/azure-container-apps issue 990";

export const managedEnvironmentRules: Rule[] = [
  { rule: "an environment begins as InitializationInProgress", path: OTHER, body: environment(), accepted: { properties: { provisioningState: "InitializationInProgress", zoneRedundant: false, publicNetworkAccess: "Enabled" } }, source: "API reference, EnvironmentProvisioningState" },
  { rule: "an environment that is ready has its domain", method: "GET", path: ENVIRONMENT, accepted: { properties: { provisioningState: "Succeeded", defaultDomain: "calmsea-0123abcd.westeurope.azurecontainerapps.localhost", staticIp: "127.0.0.1", workloadProfiles: CONSUMPTION_PROFILE } }, source: "local/README.md: under .localhost" },
  { rule: "an environment keeps its domain when it is changed", path: ENVIRONMENT, body: environment({ workloadProfiles: CONSUMPTION_PROFILE }), accepted: { properties: { provisioningState: "Waiting", defaultDomain: "calmsea-0123abcd.westeurope.azurecontainerapps.localhost" } }, source: "API reference" },
  { rule: "a name begins with a letter", path: "Microsoft.App/managedEnvironments/1env", body: environment(), refused: { code: "ManagedEnvironmentInvalidName", message: "The environment name 1env is invalid." }, source: "Azure/azure-cli-extensions issue 5555; rule: Terraform" },
  { rule: "a name has no underscore", path: "Microsoft.App/managedEnvironments/my_env", body: environment(), refused: { code: "ManagedEnvironmentInvalidName", message: "The environment name my_env is invalid." }, source: "Azure/azure-cli-extensions issue 5555" },
  { rule: "a name does not end with a hyphen", path: "Microsoft.App/managedEnvironments/env-", body: environment(), refused: { code: "ManagedEnvironmentInvalidName", message: "The environment name env- is invalid." }, source: "Azure/azure-cli-extensions issue 5555; rule: Terraform" },
  { rule: "logs go to a workspace with its id and key", path: OTHER, body: logs({ customerId: "11111111-1111-1111-1111-111111111111", sharedKey: "a2V5" }), accepted: { properties: { appLogsConfiguration: { destination: "log-analytics", logAnalyticsConfiguration: { customerId: "11111111-1111-1111-1111-111111111111", dynamicJsonColumns: false } } } }, source: "Azure docs, log options" },
  { rule: "logs to a workspace need its key", path: OTHER, body: logs({ customerId: "11111111-1111-1111-1111-111111111111" }), refused: invalidLogs, source: SEEN_LOGS },
  { rule: "logs to a workspace need its id", path: OTHER, body: logs({ sharedKey: "a2V5" }), refused: invalidLogs, source: SEEN_LOGS },
  { rule: "the key is sent with every PUT", path: OTHER, given: [{ path: OTHER, body: logs({ customerId: "11111111-1111-1111-1111-111111111111", sharedKey: "a2V5" }) }], body: logs({ customerId: "11111111-1111-1111-1111-111111111111" }), refused: invalidLogs, source: SEEN_LOGS },
  { rule: "a PATCH of something else leaves the key as it is", method: "PATCH", path: OTHER, given: [{ path: OTHER, body: logs({ customerId: "11111111-1111-1111-1111-111111111111", sharedKey: "a2V5" }) }], body: () => ({ tags: { a: "b" } }), accepted: { tags: { a: "b" }, properties: { appLogsConfiguration: { destination: "log-analytics" } } }, source: "API reference: JSON merge patch" },
  { rule: "a log destination is one of three", path: OTHER, body: environment({ appLogsConfiguration: { destination: "file" } }), refused: { code: "InvalidRequestParameterWithDetails", message: "AppLogsConfiguration.Destination is invalid.  Must be one of log-analytics, azure-monitor, none" }, source: "rule: API reference; text assumed" },
  { rule: "an environment with apps is not deleted", method: "DELETE", path: ENVIRONMENT, given: [{ path: "Microsoft.App/containerApps/weather", body: appBody }], refused: { status: 409, code: "ManagedEnvironmentHasContainerApps", message: "The specified environment env cannot be deleted because it still contains 1 Container Apps." }, source: "code seen; text after ManagedEnvironmentHasContainerAppsJobs" },
  { rule: "an environment without apps is deleted", method: "DELETE", path: ENVIRONMENT, accepted: true, source: "API reference: 202" },
];
