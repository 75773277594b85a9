import { array, boolean, integer, object, readOnly, required, string, writeOnly } from "../schema.ts";

const ingress = object({
  additionalPortMappings: array(
    object({ exposedPort: integer(), external: boolean({ required }), targetPort: integer({ required }) }),
    { key: ["targetPort"] },
  ),
  allowInsecure: boolean(),
  clientCertificateMode: string(),
  corsPolicy: object({
    allowCredentials: boolean(),
    allowedHeaders: array(string()),
    allowedMethods: array(string()),
    allowedOrigins: array(string(), { required }),
    exposeHeaders: array(string()),
    maxAge: integer(),
  }),
  customDomains: array(object({ bindingType: string(), certificateId: string(), name: string({ required }) }), { key: ["name"] }),
  exposedPort: integer(),
  external: boolean(),
  fqdn: string({ readOnly }),
  ipSecurityRestrictions: array(
    object({ action: string({ required }), description: string(), ipAddressRange: string({ required }), name: string({ required }) }),
    { key: ["name"] },
  ),
  stickySessions: object({ affinity: string() }),
  targetPort: integer(),
  targetPortHttpScheme: string(),
  traffic: array(object({ label: string(), latestRevision: boolean(), revisionName: string(), weight: integer() }), { key: ["revisionName"] }),
  transport: string(),
});

const dapr = object({
  appHealth: object({
    enabled: boolean(),
    path: string(),
    probeIntervalSeconds: integer({ minimum: 1 }),
    probeTimeoutMilliseconds: integer({ minimum: 1 }),
    threshold: integer({ minimum: 1 }),
  }),
  appId: string(),
  appPort: integer(),
  appProtocol: string(),
  enableApiLogging: boolean(),
  enabled: boolean(),
  httpMaxRequestSize: integer(),
  httpReadBufferSize: integer(),
  logLevel: string(),
  maxConcurrency: integer(),
});

const runtime = object({
  dotnet: object({ autoConfigureDataProtection: boolean() }),
  java: object({
    enableMetrics: boolean(),
    javaAgent: object({
      enabled: boolean(),
      logging: object({
        loggerSettings: array(object({ level: string({ required }), logger: string({ required }) }), { key: ["logger", "level"] }),
      }),
    }),
  }),
});

/** `Microsoft.App/containerApps`, `properties.configuration`: a change makes no new revision. */
export const configuration = object({
  activeRevisionsMode: string(),
  dapr,
  identitySettings: array(object({ identity: string({ required }), lifecycle: string() }), { key: ["identity"] }),
  ingress,
  maxInactiveRevisions: integer(),
  registries: array(object({ identity: string(), passwordSecretRef: string(), server: string(), username: string() }), { key: ["server"] }),
  revisionTransitionThreshold: integer(),
  runtime,
  secrets: array(object({ identity: string(), keyVaultUrl: string(), name: string(), value: string({ writeOnly }) }), { key: ["name"] }),
  service: object({ type: string({ required }) }),
  targetLabel: string(),
});
