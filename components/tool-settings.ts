import type { SettingValues } from "./setting-values.ts";
import { ACCESS } from "../recipes/runtimes.ts";
import type { Access } from "../recipes/runtimes.ts";
import { SIZE_RULE, sizeOf } from "../recipes/sizing.ts";
import { readVolumes, type ToolVolume } from "./tool-volumes.ts";

/** What can be set for all tools, and again for each under `toolSettings`. */
export interface ToolSettings {
  cpu: number;
  memory: string;
  minReplicas: number;
  maxReplicas: number;
  concurrentRequests: number;
  targetPort: number;
  healthPath: string;
  startupSeconds: number;
  access: Access;
  allowedIps: readonly string[];
  /** Storages of the platform that it mounts. A change makes a new revision. */
  volumes: readonly ToolVolume[];
}

export const TOOL_SETTING_KEYS = [
  "cpu", "memory", "minReplicas", "maxReplicas", "concurrentRequests", "targetPort", "healthPath", "startupSeconds", "access", "allowedIps", "volumes",
] as const satisfies ReadonlyArray<keyof ToolSettings>;

/** As in Pulumi.yaml. */
export const TOOL_DEFAULTS: ToolSettings = {
  cpu: 0.25,
  memory: "0.5Gi",
  minReplicas: 0,
  maxReplicas: 10,
  concurrentRequests: 100,
  targetPort: 8000,
  healthPath: "/health",
  startupSeconds: 30,
  access: "public",
  allowedIps: [],
  volumes: [],
};

const REPLICAS = 1000;
const HEALTH_PATH = { rule: /^\/[\w\-.~!$&'()*+,;=:@/%?]*$/, words: "a path of an HTTP request, starting with /" };

/**
 * @param defaults what holds where nothing is set: the program's own, or the settings for all tools
 * @param storages names of the platform's storages; undefined where only another stack knows them
 */
export function readToolSettings(values: SettingValues, defaults: ToolSettings, storages: readonly string[] | undefined): ToolSettings {
  const [cpu, memory] = [values.raw("cpu") ?? defaults.cpu, values.raw("memory") ?? defaults.memory];
  const size = sizeOf(cpu, memory);
  if (!size) values.wrong(values.raw("cpu") === undefined ? "memory" : "cpu", `${String(cpu)}/${String(memory)}`, `these pairs of vCPU and memory: ${SIZE_RULE}`);

  const settings: ToolSettings = {
    ...(size ?? { cpu: defaults.cpu, memory: defaults.memory }),
    minReplicas: values.integer("minReplicas", [0, REPLICAS], defaults.minReplicas),
    maxReplicas: values.integer("maxReplicas", [1, REPLICAS], defaults.maxReplicas),
    concurrentRequests: values.integer("concurrentRequests", [1, 1_000_000], defaults.concurrentRequests),
    targetPort: values.integer("targetPort", [1, 65_535], defaults.targetPort),
    healthPath: values.text("healthPath", defaults.healthPath, HEALTH_PATH),
    startupSeconds: values.integer("startupSeconds", [10, 2_400], defaults.startupSeconds),
    access: values.oneOf("access", ACCESS, defaults.access),
    allowedIps: values.addresses("allowedIps", defaults.allowedIps),
    volumes: readVolumes(values, defaults.volumes, storages),
  };
  if (settings.minReplicas > settings.maxReplicas) values.wrong("minReplicas", settings.minReplicas, `at most maxReplicas, which is ${settings.maxReplicas}`);
  if (settings.access === "ip-list" && settings.allowedIps.length === 0) values.wrong("allowedIps", [], 'at least one address or range when access is "ip-list"');
  return settings;
}
