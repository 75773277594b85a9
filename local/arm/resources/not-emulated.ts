import type { Unsupported } from "../not-emulated.ts";

/** Properties of resource groups that Azure has and the miniature has not: asked for, each is refused by name. */
export const NOT_EMULATED: Unsupported[] = [{ path: "managedBy" }];
