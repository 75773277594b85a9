import { anythingBut, hasMembers, type Unsupported } from "../not-emulated.ts";
import { DEFAULT_SKU, NO_DAILY_QUOTA_GB } from "./constants.ts";

/** Properties of workspaces that Azure has and the miniature has not: asked for, each is refused by name. */
export const NOT_EMULATED: Unsupported[] = [
  { path: "identity.type", asks: anythingBut("None") },
  { path: "identity.userAssignedIdentities", asks: hasMembers },
  { path: "properties.defaultDataCollectionRuleResourceId" },
  { path: "properties.features.clusterResourceId" },
  { path: "properties.features.disableLocalAuth" },
  { path: "properties.features.enableDataExport" },
  { path: "properties.features.enableLogAccessUsingOnlyResourcePermissions", asks: (value) => value === false },
  { path: "properties.features.immediatePurgeDataOn30Days" },
  { path: "properties.forceCmkForQuery" },
  { path: "properties.publicNetworkAccessForIngestion", asks: anythingBut("Enabled") },
  { path: "properties.publicNetworkAccessForQuery", asks: anythingBut("Enabled") },
  { path: "properties.sku.capacityReservationLevel" },
  { path: "properties.sku.name", asks: anythingBut(DEFAULT_SKU), instead: `Use ${DEFAULT_SKU}.` },
  { path: "properties.workspaceCapping.dailyQuotaGb", asks: anythingBut(NO_DAILY_QUOTA_GB) },
];
