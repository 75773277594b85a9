/** Labels of what a miniature makes on the Docker engine; everything has the first. */
export const LABELS = {
  instance: "toolwharf.instance",
  environment: "toolwharf.environment",
  app: "toolwharf.app",
  revision: "toolwharf.revision",
  replica: "toolwharf.replica",
} as const;
