export const CONTAINER_APPS = "Microsoft.App/containerApps";

/** Azure's own refusal names the rule: lower-case letters, digits and `-`, a letter first, no `-` last, no `--`, 2 to 32 characters. */
export const APP_NAME = /^(?!.*--)[a-z][-a-z0-9]{0,30}[a-z0-9]$/;
/** RFC 1123 label, as Kubernetes asks for containers. */
export const CONTAINER_NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** RFC 1123 label, as Kubernetes asks for volumes (MicrosoftDocs/azure-docs issue 123092). */
export const VOLUME_NAME = CONTAINER_NAME;
/** A volume of the ingress's own (microsoft/azure-container-apps issue 1576). */
export const RESERVED_VOLUME_NAME = "envoy-config";
/** API reference, StorageType: those that the hosts have, and the others. */
export const STORAGE_TYPES = ["AzureFile", "EmptyDir", "Secret"];
export const OTHER_STORAGE_TYPES = ["NfsAzureFile", "Smb"];
/** API reference, Volume. */
export const DEFAULT_STORAGE_TYPE = "EmptyDir";
export const SECRET_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
export const MAX_SECRET_NAME_CHARACTERS = 253;
export const SCALE_RULE_NAME = /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/;
export const REVISION_SUFFIX = /^(?!.*--)[a-z]([-a-z0-9]*[a-z0-9])?$/;
/** Azure docs, revisions, labels; that `--` is not allowed is assumed, after revision suffixes. */
export const REVISION_LABEL = /^(?!.*--)[a-z]([-a-z0-9]*[a-z0-9])?$/;
/** RFC 1035, 2.3.4: one part of a host name. */
export const MAX_HOST_LABEL_CHARACTERS = 63;
/** App name and suffix together; the `--` between them is not counted (Azure's own refusal). */
export const MAX_REVISION_NAME_CHARACTERS = 54;

/** Azure docs, containers: allocations go in steps of 0.25 vCPU with 2 GiB for each vCPU. */
export const CPU_STEP_CORES = 0.25;
export const MEMORY_GIB_PER_CORE = 2;
/** Azure docs, containers: an environment without workload profiles. */
export const MAX_CORES_CONSUMPTION_ONLY = 2;
/** Azure docs, containers: the Consumption profile of an environment with workload profiles. */
export const MAX_CORES_CONSUMPTION_PROFILE = 4;
/** Azure docs, containers: of a container that asks for nothing. */
export const DEFAULT_CORES = 0.25;
export const MEMORY = /^(\d+(?:\.\d{1,2})?)Gi$/;
export const MAX_CPU_DECIMALS = 2;

/** Azure docs, storage mounts: ephemeral storage by the cores of a container. */
export const EPHEMERAL_STORAGE_GIB: Array<{ upToCores: number; gib: number }> = [
  { upToCores: 0.25, gib: 1 },
  { upToCores: 0.5, gib: 2 },
  { upToCores: 1, gib: 4 },
  { upToCores: Infinity, gib: 8 },
];

/** API reference, IdentitySettings: what code an identity is open to, unless the settings say otherwise. */
export const DEFAULT_LIFECYCLE = "All";
export const NOT_IN_CONTAINERS = "None";

export const MIN_PORT = 1;
export const MAX_PORT = 65535;

/** Azure docs, set scaling rules. */
export const MAX_REPLICAS_LIMIT = 1000;
export const DEFAULT_MIN_REPLICAS = 0;
export const DEFAULT_MAX_REPLICAS = 10;
export const POLLING_INTERVAL_SECONDS = 30;
export const COOLDOWN_PERIOD_SECONDS = 300;
export const DEFAULT_CONCURRENT_REQUESTS = 10;

export const DEFAULT_MAX_INACTIVE_REVISIONS = 100;
export const MAX_TERMINATION_GRACE_SECONDS = 600;
export const DEFAULT_TERMINATION_GRACE_SECONDS = 30;

export interface Range {
  min: number;
  max: number;
}

/** The ranges of a probe's numbers: API reference of ContainerAppProbe; 0 for the delay is what clients send for none. */
export const PROBE_RANGES: Record<string, Range> = {
  initialDelaySeconds: { min: 0, max: 60 },
  periodSeconds: { min: 1, max: 240 },
  timeoutSeconds: { min: 1, max: 240 },
  successThreshold: { min: 1, max: 10 },
};
/** hashicorp/terraform-provider-azurerm pull request 31989 (2026): what the service accepts; the reference says 10 for all. */
export const FAILURE_THRESHOLD_RANGES: Record<string, Range> = {
  Liveness: { min: 1, max: 30 },
  Readiness: { min: 1, max: 48 },
  Startup: { min: 1, max: 240 },
};
/** API reference of ContainerAppProbe: what a number is when it is not given. */
export const PROBE_DEFAULTS = { initialDelaySeconds: 0, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3, successThreshold: 1 };

export const AUTH_TOKEN_LIFETIME_SECONDS = 3600;
export const LOG_TAIL_LINES: Range & { standard: number } = { min: 1, max: 300, standard: 20 };
