import { checkAgainst, type Shape } from "../shapes.ts";
import { invalidSchema } from "./errors.ts";

const SCALE = { minReplicas: "integer", maxReplicas: "integer", cooldownPeriod: "integer", pollingInterval: "integer" } as const;
const HEADER = { name: "string", value: "string" } as const;
const PROBE = {
  type: "string",
  httpGet: { path: "string", port: "integer", scheme: "string", host: "string", httpHeaders: [HEADER] },
  tcpSocket: { port: "integer", host: "string" },
  initialDelaySeconds: "integer",
  periodSeconds: "integer",
  timeoutSeconds: "integer",
  failureThreshold: "integer",
  successThreshold: "integer",
  terminationGracePeriodSeconds: "integer",
} as const;
const CONTAINER = {
  name: "string",
  image: "string",
  imageType: "string",
  command: ["string"],
  args: ["string"],
  env: [{ name: "string", value: "string", secretRef: "string" }],
  resources: { cpu: "number", memory: "string", ephemeralStorage: "string" },
  probes: [PROBE],
  volumeMounts: [{ volumeName: "string", mountPath: "string", subPath: "string" }],
} as const;
const INGRESS = {
  external: "boolean",
  targetPort: "integer",
  exposedPort: "integer",
  transport: "string",
  allowInsecure: "boolean",
  traffic: [{ revisionName: "string", weight: "integer", latestRevision: "boolean", label: "string" }],
  ipSecurityRestrictions: [{ name: "string", description: "string", ipAddressRange: "string", action: "string" }],
  stickySessions: { affinity: "string" },
} as const;

/** Types of the properties that the miniature reads; others are looked at nowhere. */
const PROPERTIES: Shape = {
  managedEnvironmentId: "string",
  environmentId: "string",
  workloadProfileName: "string",
  configuration: {
    activeRevisionsMode: "string",
    maxInactiveRevisions: "integer",
    ingress: INGRESS,
    secrets: [{ name: "string", value: "string", keyVaultUrl: "string", identity: "string" }],
    registries: [{ server: "string", identity: "string", username: "string", passwordSecretRef: "string" }],
    identitySettings: [{ identity: "string", lifecycle: "string" }],
  },
  template: {
    revisionSuffix: "string",
    terminationGracePeriodSeconds: "integer",
    containers: [CONTAINER],
    volumes: [{ name: "string", storageType: "string", storageName: "string", mountOptions: "string", secrets: [{ secretRef: "string", path: "string" }] }],
    scale: { ...SCALE, rules: [{ name: "string", http: { metadata: "texts" } }] },
  },
};

/** @throws ArmError `ContainerAppInvalidSchema` with the path of the first value of a wrong type */
export function checkShape(properties: unknown): void {
  checkAgainst(properties, PROPERTIES, "$.properties", invalidSchema);
}
