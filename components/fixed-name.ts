/**
 * For every resource with a name of its own. azure-native asks for the deletion first only where it sees a difference:
 * a replacement that failed half-way, and is taken up again with the old inputs, would else be created first and then
 * deleted as the original, whose id is the same.
 */
export const FIXED_NAME = { deleteBeforeReplace: true } as const;
