import { ArmError } from "../errors.ts";
import { isAbsent, objectOf, type JsonObject } from "../json.ts";
import { DEFAULT_RETENTION_DAYS, DEFAULT_SKU, MAX_RETENTION_DAYS, MIN_RETENTION_DAYS, NO_DAILY_QUOTA_GB, SKUS, WORKSPACE_NAME } from "./constants.ts";

export function checkWorkspaceName(name: string): void {
  if (WORKSPACE_NAME.test(name)) return;
  throw new ArmError(
    "InvalidResourceName",
    `The resource name '${name}' is invalid. The name must have 4 to 63 characters, letters, digits and '-', and begin and end with a letter or digit.`,
  );
}

/** The settings of a workspace with the service's defaults. */
export function acceptWorkspace(properties: JsonObject): JsonObject {
  return {
    sku: { name: checkSku(objectOf(properties["sku"])["name"]) },
    retentionInDays: checkRetention(properties["retentionInDays"]),
    features: { enableLogAccessUsingOnlyResourcePermissions: true },
    workspaceCapping: { dailyQuotaGb: NO_DAILY_QUOTA_GB },
    publicNetworkAccessForIngestion: "Enabled",
    publicNetworkAccessForQuery: "Enabled",
  };
}

function checkSku(name: unknown): string {
  const known = SKUS.find((sku) => sku.toLowerCase() === String(name ?? DEFAULT_SKU).toLowerCase());
  if (!known) throw new ArmError("BadRequest", `The value provided for sku is invalid: '${name}'. It must be one of ${SKUS.join(", ")}.`);
  return known;
}

function checkRetention(days: unknown): number {
  if (isAbsent(days)) return DEFAULT_RETENTION_DAYS;
  if (Number.isInteger(days) && Number(days) >= MIN_RETENTION_DAYS && Number(days) <= MAX_RETENTION_DAYS) return Number(days);
  throw new ArmError(
    "BadRequest",
    `The value provided for retention is invalid. the expected value should be between ${MIN_RETENTION_DAYS} to ${MAX_RETENTION_DAYS}. ` +
      "see https://docs.microsoft.com/azure/azure-monitor/platform/manage-cost-storage#change-the-data-retention-period for more information",
  );
}
