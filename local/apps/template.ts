import { COOLDOWN_PERIOD_SECONDS, DEFAULT_CONCURRENT_REQUESTS, DEFAULT_MAX_REPLICAS, DEFAULT_TERMINATION_GRACE_SECONDS } from "../arm/container-apps/constants.ts";
import type { ArmDocument } from "../arm/hosts.ts";
import { probesOf, type Probe, type ProbeSettings } from "./probe.ts";

/** The parts of an app's document that the host reads. ARM has validated them, and refused what the miniature has not. */
export interface AppProperties {
  environmentId?: string;
  configuration?: {
    activeRevisionsMode?: string;
    ingress?: IngressSettings;
    registries?: Array<{ server?: string; identity?: string }>;
    secrets?: Array<{ name: string; value?: string }>;
    maxInactiveRevisions?: number;
  };
  template?: Template;
}

export interface IngressSettings {
  external?: boolean;
  targetPort?: number;
  allowInsecure?: boolean;
  /** Heeded in Multiple mode. */
  traffic?: TrafficWeight[];
  ipSecurityRestrictions?: Array<{ ipAddressRange: string; action: string }>;
}

/** A revision, or the latest stable one, and its percentage. */
export interface TrafficWeight {
  revisionName?: string;
  latestRevision?: boolean;
  weight?: number;
  label?: string;
}

export interface Template {
  revisionSuffix?: string;
  terminationGracePeriodSeconds?: number;
  containers?: ContainerSettings[];
  volumes?: VolumeSettings[];
  scale?: { minReplicas?: number; maxReplicas?: number; cooldownPeriod?: number; pollingInterval?: number; rules?: Array<{ http?: { metadata?: { concurrentRequests?: string } } }> };
}

export interface ContainerSettings {
  name?: string;
  image?: string;
  command?: string[];
  args?: string[];
  env?: Array<{ name: string; value?: string; secretRef?: string }>;
  resources?: { cpu?: number; memory?: string };
  probes?: ProbeSettings[];
  volumeMounts?: Array<{ volumeName: string; mountPath: string }>;
}

export interface VolumeSettings {
  name: string;
  storageType: "AzureFile" | "EmptyDir" | "Secret";
  storageName?: string;
  secrets?: Array<{ secretRef: string; path?: string }>;
}

export interface Scale {
  min: number;
  max: number;
  cooldownSeconds: number;
  /** Of one replica, before there is to be another. */
  concurrentRequests: number;
  /** Between two looks at the requests. */
  periodSeconds: number;
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
  /** Those that the container mounts, and where. */
  volumes: Array<VolumeSettings & { paths: string[] }>;
}

/** Of requests; `pollingInterval` (default 30) is for other rules, and counts here only when it is shorter. */
const HTTP_PERIOD_SECONDS = 15;
const DEFAULT_CPUS = 0.25;
const DEFAULT_MEMORY = "0.5Gi";

export const propertiesOf = (app: ArmDocument): AppProperties => app.properties as AppProperties;
export const environmentIdOf = (app: ArmDocument): string => propertiesOf(app).environmentId ?? "";
export const ingressOf = (app: ArmDocument): IngressSettings | undefined => propertiesOf(app).configuration?.ingress;

export const isMultiple = (app: ArmDocument): boolean => propertiesOf(app).configuration?.activeRevisionsMode === "Multiple";

/** Without weights, and in Single mode, all goes to the latest stable revision. */
export function trafficOf(app: ArmDocument): TrafficWeight[] {
  const traffic = isMultiple(app) ? (ingressOf(app)?.traffic ?? []) : [];
  return traffic.length > 0 ? traffic : [{ latestRevision: true, weight: 100 }];
}

export function planOf(app: ArmDocument, template: Template): Plan {
  const settings = template.containers?.[0] ?? {};
  const targetPort = ingressOf(app)?.targetPort;
  const probes = probesOf(settings.probes ?? [], targetPort);
  return {
    container: {
      name: settings.name ?? app.name,
      image: settings.image ?? "",
      command: settings.command ?? [],
      args: settings.args ?? [],
      env: settings.env ?? [],
      cpus: settings.resources?.cpu ?? DEFAULT_CPUS,
      memoryBytes: memoryBytes(settings.resources?.memory ?? DEFAULT_MEMORY),
    },
    ...(targetPort !== undefined && { targetPort }),
    probes,
    ports: [...new Set([...(targetPort === undefined ? [] : [targetPort]), ...probes.map(({ port }) => port)])],
    scale: scaleOf(template.scale ?? {}),
    graceSeconds: template.terminationGracePeriodSeconds ?? DEFAULT_TERMINATION_GRACE_SECONDS,
    volumes: (template.volumes ?? [])
      .map((volume) => ({ ...volume, paths: (settings.volumeMounts ?? []).filter(({ volumeName }) => volumeName === volume.name).map(({ mountPath }) => mountPath) }))
      .filter(({ paths }) => paths.length > 0),
  };
}

function scaleOf({ minReplicas = 0, maxReplicas = DEFAULT_MAX_REPLICAS, cooldownPeriod = COOLDOWN_PERIOD_SECONDS, pollingInterval, rules = [] }: NonNullable<Template["scale"]>): Scale {
  // Of several rules the one counts that asks for most.
  const thresholds = rules.map(({ http }) => Number(http?.metadata?.concurrentRequests ?? DEFAULT_CONCURRENT_REQUESTS));
  return {
    min: minReplicas,
    max: maxReplicas,
    cooldownSeconds: cooldownPeriod,
    concurrentRequests: thresholds.length > 0 ? Math.min(...thresholds) : DEFAULT_CONCURRENT_REQUESTS,
    periodSeconds: Math.max(1, Math.min(HTTP_PERIOD_SECONDS, pollingInterval ?? HTTP_PERIOD_SECONDS)),
  };
}

/** `0.5Gi` and the like; only Azure's unit and Docker's smaller one. */
export function memoryBytes(text: string): number {
  const match = /^([\d.]+)(Gi|Mi)$/.exec(text);
  return match ? Math.round(Number(match[1]) * (match[2] === "Gi" ? 2 ** 30 : 2 ** 20)) : memoryBytes(DEFAULT_MEMORY);
}
