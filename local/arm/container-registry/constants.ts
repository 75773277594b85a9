export const REGISTRIES = "Microsoft.ContainerRegistry/registries";

/** Azure REST specification of registries: the name. */
export const REGISTRY_NAME = /^[a-zA-Z0-9]*$/;
export const MIN_NAME_CHARACTERS = 5;
export const MAX_NAME_CHARACTERS = 50;

export const SKUS = ["Basic", "Standard", "Premium"];

/** Under Azure's domain a registry's name is unique in the world; in the miniature, in the miniature. */
export const DNS_SUFFIX = "azurecr.io";

export const PERMISSION_MODES = ["LegacyRegistryPermissions", "AbacRepositoryPermissions"];

/** Azure REST specification of registries: defaults of the policies. */
export const DEFAULT_POLICIES = {
  quarantinePolicy: { status: "disabled" },
  trustPolicy: { type: "Notary", status: "disabled" },
  retentionPolicy: { days: 7, status: "disabled" },
  exportPolicy: { status: "enabled" },
  azureADAuthenticationAsArmPolicy: { status: "enabled" },
  softDeletePolicy: { retentionDays: 7, status: "disabled" },
};
