import { isObject, type JsonObject } from "../../../../local/arm/json.ts";
import { appBody } from "../../../support/platform-bodies.ts";
import type { Rule } from "./rule.ts";

const TEXTS = `managedEnvironmentId environmentId workloadProfileName configuration.secrets[0].name configuration.secrets[0].value
  configuration.secrets[0].keyVaultUrl configuration.secrets[0].identity configuration.registries[0].server configuration.registries[0].identity
  configuration.registries[0].username configuration.registries[0].passwordSecretRef configuration.identitySettings[0].identity
  configuration.identitySettings[0].lifecycle configuration.ingress.traffic[0].revisionName configuration.ingress.traffic[0].label
  configuration.ingress.ipSecurityRestrictions[0].name configuration.ingress.ipSecurityRestrictions[0].description
  configuration.ingress.ipSecurityRestrictions[0].ipAddressRange configuration.ingress.ipSecurityRestrictions[0].action
  configuration.ingress.stickySessions.affinity template.revisionSuffix template.containers[0].name template.containers[0].image
  template.containers[0].imageType template.containers[0].command[0] template.containers[0].args[0] template.containers[0].env[0].name
  template.containers[0].env[0].value template.containers[0].env[0].secretRef template.containers[0].resources.memory
  template.containers[0].resources.ephemeralStorage template.containers[0].probes[0].type template.containers[0].probes[0].httpGet.path
  template.containers[0].probes[0].httpGet.scheme template.containers[0].probes[0].httpGet.host template.containers[0].probes[0].tcpSocket.host
  template.containers[0].probes[0].httpGet.httpHeaders[0].name template.containers[0].probes[0].httpGet.httpHeaders[0].value
  template.containers[0].volumeMounts[0].volumeName template.containers[0].volumeMounts[0].mountPath template.containers[0].volumeMounts[0].subPath
  template.volumes[0].name template.volumes[0].storageName template.volumes[0].mountOptions template.volumes[0].secrets[0].secretRef
  template.volumes[0].secrets[0].path template.scale.rules[0].name`.split(/\s+/);
const WHOLE_NUMBERS = `configuration.maxInactiveRevisions configuration.ingress.targetPort configuration.ingress.exposedPort configuration.ingress.traffic[0].weight
  template.terminationGracePeriodSeconds template.scale.minReplicas template.scale.maxReplicas template.scale.cooldownPeriod template.scale.pollingInterval
  template.containers[0].probes[0].httpGet.port template.containers[0].probes[0].tcpSocket.port template.containers[0].probes[0].initialDelaySeconds
  template.containers[0].probes[0].periodSeconds template.containers[0].probes[0].timeoutSeconds template.containers[0].probes[0].failureThreshold
  template.containers[0].probes[0].successThreshold template.containers[0].probes[0].terminationGracePeriodSeconds`.split(/\s+/);
const SWITCHES = ["configuration.ingress.external", "configuration.ingress.allowInsecure", "configuration.ingress.traffic[0].latestRevision"];

const wrong = (what: string, path: string, value: unknown, named = path): Rule => ({
  rule: `${path} is ${what}`,
  path: "Microsoft.App/containerApps/weather",
  body: (world) => withValue(appBody(world), `properties.${path}`, value),
  refused: { code: "ContainerAppInvalidSchema", message: new RegExp(`Path: \\$\\.properties\\.${named.replace(/[.[\]]/g, "\\$&")}\\. `) },
  source: "type: API reference, ContainerApp; code: microsoft/azure-container-apps issue 436",
});

function withValue(body: JsonObject, path: string, value: unknown): JsonObject {
  const names = path.replaceAll("[", ".").replaceAll("]", "").split(".");
  const last = names.pop()!;
  let place = body;
  names.forEach((name, index) => {
    if (!isObject(place[name]) && !Array.isArray(place[name])) place[name] = /^\d+$/.test(names[index + 1] ?? last) ? [] : {};
    place = place[name] as JsonObject;
  });
  place[last] = value;
  return body;
}

export const typeRules: Rule[] = [
  ...TEXTS.map((path) => wrong("a text", path, 5)),
  // A list of one text reads like the text itself where it is compared.
  wrong("a text", "configuration.activeRevisionsMode", ["Single"]),
  wrong("a text", "configuration.ingress.transport", ["http"]),
  wrong("a text", "template.volumes[0].storageType", ["EmptyDir"]),
  ...WHOLE_NUMBERS.map((path) => wrong("a whole number", path, "5")),
  ...SWITCHES.map((path) => wrong("true or false", path, "yes")),
  wrong("a number", "template.containers[0].resources.cpu", "0.25"),
  wrong("a list", "template.containers", { name: "weather" }),
  wrong("a list without gaps", "template.containers", [null], "template.containers[0]"),
  wrong("an object", "configuration.ingress", "yes"),
];
