/** Labels of what a miniature makes on the Docker engine; everything has the first. */
export const LABELS = {
  instance: "toolwharf.instance",
  environment: "toolwharf.environment",
  /** Of an environment's gateway; the value tells its shape. */
  gateway: "toolwharf.gateway",
  app: "toolwharf.app",
  revision: "toolwharf.revision",
  replica: "toolwharf.replica",
  /** Of a volume: `<account>/<share>` of Azure Files. */
  share: "toolwharf.share",
} as const;
