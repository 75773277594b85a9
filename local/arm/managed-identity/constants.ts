export const USER_ASSIGNED_IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities";

/** Azure docs, naming rules: 3 to 128 letters, digits, `-` and `_`, the first a letter or digit. */
export const IDENTITY_NAME = /^[a-z0-9][-a-z0-9_]{2,127}$/i;
