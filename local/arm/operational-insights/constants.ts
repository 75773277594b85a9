export const WORKSPACES = "Microsoft.OperationalInsights/workspaces";

/** Azure docs, naming rules: 4 to 63 letters, digits and `-`, the first and last a letter or digit. */
export const WORKSPACE_NAME = /^[a-z0-9][-a-z0-9]{2,61}[a-z0-9]$/i;

/** Azure's own refusal of a value outside names these numbers. */
export const MIN_RETENTION_DAYS = 30;
export const MAX_RETENTION_DAYS = 730;
/** Azure docs, "Manage data retention": interactive retention by default. */
export const DEFAULT_RETENTION_DAYS = 30;

/** Without a quota for each day. */
export const NO_DAILY_QUOTA_GB = -1;

export const SKUS = ["PerGB2018", "Free", "Standalone", "PerNode", "Standard", "Premium", "CapacityReservation", "LACluster"];
export const DEFAULT_SKU = "PerGB2018";

/** A shared key is this many random bytes, base64. */
export const SHARED_KEY_BYTES = 64;
