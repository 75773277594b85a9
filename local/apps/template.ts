import { notEmulated } from "../arm/errors.ts";
import type { ArmDocument } from "../arm/hosts.ts";
import { probesOf, type Probe, type ProbeSettings } from "./probe.ts";

/** The parts of an app's document that the host reads; ARM has validated them. */
export interface AppProperties {
  environmentId?: string;
  managedEnvironmentId?: string;
  configuration?: {
    activeRevisionsMode?: string;
    ingress?: IngressSettings | null;
    registries?: Array<{ server?: string; identity?: string; username?: string; passwordSecretRef?: string }> | null;
    secrets?: Array<{ name: string; value?: string }> | null;
    maxInactiveRevisions?: number | null;
    dapr?: { enabled?: boolean } | null;
  };
  template?: Template;
}

export interface IngressSettings {
  external?: boolean;
  targetPort?: number;
  transport?: string;
  allowInsecure?: boolean;
  ipSecurityRestrictions?: Array<{ ipAddressRange: string; action: string }> | null;
  additionalPortMappings?: unknown[] | null;
  stickySessions?: { affinity?: string } | null;
  clientCertificateMode?: string | null;
}

export interface Template {
  revisionSuffix?: string | null;
  terminationGracePeriodSeconds?: number | null;
  containers?: ContainerSettings[] | null;
  initContainers?: unknown[] | null;
  volumes?: unknown[] | null;
  serviceBinds?: unknown[] | null;
  scale?: {
    minReplicas?: number | null;
    maxReplicas?: number | null;
    cooldownPeriod?: number | null;
    pollingInterval?: number | null;
    rules?: Array<Record<string, unknown>> | null;
  } | null;
}

export interface ContainerSettings {
  name?: string;
  image?: string;
  command?: string[] | null;
  args?: string[] | null;
  env?: Array<{ name: string; value?: string; secretRef?: string }> | null;
  resources?: { cpu?: number | string; memory?: string } | null;
  probes?: ProbeSettings[] | null;
}

export interface Scale {
  min: number;
  max: number;
  cooldownSeconds: number;
}

/** A template and its app's ingress, read: what every replica of the revision is made from. */
export interface Plan {
  container: { name: string; image: string; command: string[]; args: string[]; env: Array<{ name: string; value?: string; secretRef?: string }>; cpus: number; memoryBytes: number };
  targetPort?: number;
  probes: Probe[];
  /** Ports that probes or the ingress come to. */
  ports: number[];
  scale: Scale;
  graceSeconds: number;
}

/** Azure docs, "Set scaling rules" and the limits of a container app. */
const DEFAULT_MAX_REPLICAS = 10;
const DEFAULT_COOLDOWN_SECONDS = 300;
const DEFAULT_GRACE_SECONDS = 30;
const DEFAULT_CPUS = 0.25;
const DEFAULT_MEMORY = "0.5Gi";

export const propertiesOf = (app: ArmDocument): AppProperties => app.properties as AppProperties;
export const environmentIdOf = ({ environmentId, managedEnvironmentId }: AppProperties): string => environmentId ?? managedEnvironmentId ?? "";
export const ingressOf = (app: ArmDocument): IngressSettings | undefined => propertiesOf(app).configuration?.ingress ?? undefined;

/** @param exposed ports of the image, for an ingress without a `targetPort` */
export function planOf(app: ArmDocument, template: Template, exposed: number[] = []): Plan {
  const settings = template.containers?.[0] ?? {};
  const ingress = ingressOf(app);
  const targetPort = ingress ? ingress.targetPort || exposed[0] : undefined;
  const probes = probesOf(settings.probes ?? [], targetPort);
  return {
    container: {
      name: settings.name ?? app.name,
      image: settings.image ?? "",
      command: settings.command ?? [],
      args: settings.args ?? [],
      env: settings.env ?? [],
      cpus: Number(settings.resources?.cpu ?? DEFAULT_CPUS),
      memoryBytes: memoryBytes(settings.resources?.memory ?? DEFAULT_MEMORY),
    },
    ...(targetPort !== undefined && { targetPort }),
    probes,
    ports: [...new Set([...(targetPort === undefined ? [] : [targetPort]), ...probes.map(({ port }) => port)])],
    scale: {
      min: template.scale?.minReplicas ?? 0,
      max: template.scale?.maxReplicas ?? DEFAULT_MAX_REPLICAS,
      cooldownSeconds: template.scale?.cooldownPeriod ?? DEFAULT_COOLDOWN_SECONDS,
    },
    graceSeconds: template.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS,
  };
}

/** @throws ArmError `NotEmulated` naming what the template or the configuration asks for and the miniature cannot do */
export function refuseWhatIsNotEmulated(app: ArmDocument): void {
  const { configuration = {}, template = {} } = propertiesOf(app);
  const { ingress } = configuration;
  if ((configuration.activeRevisionsMode ?? "Single").toLowerCase() !== "single") throw notEmulated(`activeRevisionsMode '${configuration.activeRevisionsMode}'`, "Use Single.");
  if (ingress && !["auto", "http"].includes((ingress.transport ?? "auto").toLowerCase())) throw notEmulated(`the ingress transport '${ingress.transport}'`, "Use auto or http.");
  if (ingress?.additionalPortMappings?.length) throw notEmulated("additionalPortMappings");
  if (ingress?.stickySessions?.affinity === "sticky") throw notEmulated("sticky sessions");
  if (configuration.dapr?.enabled) throw notEmulated("Dapr");
  if ((template.containers?.length ?? 0) > 1) throw notEmulated("an app with several containers", "Use one container.");
  for (const name of ["initContainers", "volumes", "serviceBinds"] as const) if (template[name]?.length) throw notEmulated(`template.${name}`);
  const rule = template.scale?.rules?.find((each) => !each.http);
  if (rule) throw notEmulated(`the scale rule '${String(rule.name)}', which is not an http rule`);
}

/** `0.5Gi` and the like; only Azure's unit and Docker's smaller one. */
export function memoryBytes(text: string): number {
  const match = /^([\d.]+)(Gi|Mi)$/.exec(text);
  return match ? Math.round(Number(match[1]) * (match[2] === "Gi" ? 2 ** 30 : 2 ** 20)) : memoryBytes(DEFAULT_MEMORY);
}
