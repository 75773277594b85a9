import type { Unsupported } from "../not-emulated.ts";

/** Properties of storages that Azure has and the miniature has not. */
export const NOT_EMULATED: Unsupported[] = [
  { path: "properties.nfsAzureFile", instead: "Use azureFile." },
  { path: "properties.azureFile.accountKeyVaultProperties", instead: "Give azureFile.accountKey." },
];
