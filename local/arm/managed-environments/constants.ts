export const MANAGED_ENVIRONMENTS = "Microsoft.App/managedEnvironments";

/** Terraform's rule for the name, the only one published: letters, digits and `-`, a letter first, no `-` last, at most 60 characters. */
export const ENVIRONMENT_NAME = /^[a-z]([-a-z0-9]{0,58}[a-z0-9])?$/i;

export const CONSUMPTION = "Consumption";
export const LOG_DESTINATIONS = ["log-analytics", "azure-monitor", "none"];
export const LOG_ANALYTICS = "log-analytics";

/** What Azure's answers showed in 2025; nothing here runs them. */
export const DAPR_VERSION = "1.13.6";
export const KEDA_VERSION = "2.17.2";
