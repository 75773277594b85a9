import type { RecipeMaker } from "../recipe.ts";

/** The folder's own Dockerfile, used unchanged: base image, user and command are its own. */
export const ownDockerfile: RecipeMaker = {
  id: "dockerfile",
  recognise: async (source) =>
    source.has("Dockerfile") ? { id: "dockerfile", version: 1, reasons: ["it has a Dockerfile of its own, which is used unchanged"] } : undefined,
};
