import { array, integer, map, number, object, readOnly, required, string } from "../schema.ts";
import type { Properties } from "../schema.ts";

const auth = array(object({ secretRef: string(), triggerParameter: string() }), { key: ["triggerParameter"] });
const metadata = map(string());
const identity = string();

const container: Properties = {
  args: array(string()),
  command: array(string()),
  env: array(object({ name: string(), secretRef: string(), value: string() }), { key: ["name"] }),
  image: string(),
  imageType: string(),
  name: string(),
  resources: object({ cpu: number(), ephemeralStorage: string({ readOnly }), gpu: number(), memory: string() }),
  volumeMounts: array(object({ mountPath: string(), subPath: string(), volumeName: string() }), { key: ["volumeName"] }),
};

const probe = object({
  failureThreshold: integer(),
  httpGet: object({
    host: string(),
    httpHeaders: array(object({ name: string({ required }), value: string({ required }) }), { key: ["name"] }),
    path: string(),
    port: integer({ required }),
    scheme: string(),
  }),
  initialDelaySeconds: integer(),
  periodSeconds: integer(),
  successThreshold: integer(),
  tcpSocket: object({ host: string(), port: integer({ required }) }),
  terminationGracePeriodSeconds: integer(),
  timeoutSeconds: integer(),
  type: string(),
});

/** `Microsoft.App/containerApps`, `properties.template`: a change makes a new revision. */
export const template = object({
  containers: array(object({ ...container, probes: array(probe, { key: ["type"] }) }), { key: ["name"] }),
  initContainers: array(object(container), { key: ["name"] }),
  revisionSuffix: string(),
  scale: object({
    cooldownPeriod: integer(),
    maxReplicas: integer(),
    minReplicas: integer(),
    pollingInterval: integer(),
    rules: array(
      object({
        azureQueue: object({ accountName: string(), auth, identity, queueLength: integer(), queueName: string() }),
        custom: object({ auth, identity, metadata, type: string() }),
        http: object({ auth, identity, metadata }),
        name: string(),
        tcp: object({ auth, identity, metadata }),
      }),
      { key: ["name"] },
    ),
  }),
  serviceBinds: array(object({ clientType: string(), customizedKeys: map(string()), name: string(), serviceId: string() }), { key: ["name"] }),
  terminationGracePeriodSeconds: integer(),
  volumes: array(
    object({
      mountOptions: string(),
      name: string(),
      secrets: array(object({ path: string(), secretRef: string() }), { key: ["secretRef"] }),
      storageName: string(),
      storageType: string(),
    }),
    { key: ["name"] },
  ),
});
