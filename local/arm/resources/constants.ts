export const RESOURCE_GROUPS = "Microsoft.Resources/resourceGroups";

/** Azure docs, naming rules: letters, digits, `_ ( ) - .` of any script, not ending in a period. */
export const GROUP_NAME = /^[-\p{L}\p{N}_.()]*[-\p{L}\p{N}_()]$/u;
export const MAX_GROUP_NAME_CHARACTERS = 90;

export const DELETING = "Deleting";
