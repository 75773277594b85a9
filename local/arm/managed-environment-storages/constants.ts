export const STORAGES = "Microsoft.App/managedEnvironments/storages";

/** Terraform's rule, the only one published: as for container apps, but one character is enough. */
export const STORAGE_NAME = /^(?!.*--)[a-z]([-a-z0-9]{0,30}[a-z0-9])?$/;
/** Azure docs, naming rules: storage accounts, 3 to 24 lower-case letters and digits. */
export const ACCOUNT_NAME = /^[a-z0-9]{3,24}$/;
/** Azure docs, naming shares: 3 to 63 lower-case letters, digits and single hyphens between them. */
export const SHARE_NAME = /^(?!.*--)[a-z0-9][-a-z0-9]{1,61}[a-z0-9]$/;

export const ACCESS_MODES = ["ReadOnly", "ReadWrite"] as const;
export type AccessMode = (typeof ACCESS_MODES)[number];
