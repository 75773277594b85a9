import { isObject, objectOf, objectsOf, type JsonObject } from "../json.ts";
import { anyOf, anythingBut, type Unsupported } from "../not-emulated.ts";
import { sameId } from "../resource-id.ts";
import { DEFAULT_LIFECYCLE, NOT_IN_CONTAINERS, OTHER_STORAGE_TYPES, STORAGE_TYPES } from "./constants.ts";

/** Properties of apps that Azure has and the miniature has not: asked for, each is refused by name. */
export const NOT_EMULATED: Unsupported[] = [
  { path: "extendedLocation" },
  { path: "kind" },
  { path: "managedBy" },
  { path: "identity.type", asks: (value) => /systemassigned/i.test(String(value)), instead: "Use a user-assigned identity." },
  { path: "identity.userAssignedIdentities", asks: (value, body) => usableInContainers(value, body).length > 0, instead: keptOutside },
  { path: "properties.patchingConfiguration" },

  { path: "properties.configuration.activeRevisionsMode", asks: anyOf("Labels"), instead: "Use Single or Multiple." },
  { path: "properties.configuration.dapr" },
  { path: "properties.configuration.registries[].identity", asks: (value) => /^system/i.test(String(value)), instead: "Use a user-assigned identity." },
  { path: "properties.configuration.registries[].passwordSecretRef", instead: "Use an identity with AcrPull." },
  { path: "properties.configuration.registries[].username", instead: "Use an identity with AcrPull." },
  { path: "properties.configuration.revisionTransitionThreshold" },
  { path: "properties.configuration.runtime" },
  { path: "properties.configuration.secrets[].identity", instead: "Give the secret a value." },
  { path: "properties.configuration.secrets[].keyVaultUrl", instead: "Give the secret a value." },
  { path: "properties.configuration.service" },
  { path: "properties.configuration.targetLabel" },

  { path: "properties.configuration.ingress.additionalPortMappings" },
  { path: "properties.configuration.ingress.clientCertificateMode", asks: anythingBut("ignore") },
  { path: "properties.configuration.ingress.corsPolicy", instead: "Answer CORS requests in the app." },
  { path: "properties.configuration.ingress.customDomains" },
  { path: "properties.configuration.ingress.exposedPort", asks: anythingBut(0) },
  { path: "properties.configuration.ingress.stickySessions.affinity", asks: anythingBut("none") },
  { path: "properties.configuration.ingress.targetPortHttpScheme", asks: anythingBut("http") },
  { path: "properties.configuration.ingress.transport", asks: anyOf("tcp", "http2"), instead: "Use auto or http." },

  { path: "properties.template.containers", asks: (value) => Array.isArray(value) && value.length > 1, instead: "Use one container." },
  { path: "properties.template.containers[].imageType", asks: anythingBut("ContainerImage"), instead: "Use ContainerImage." },
  { path: "properties.template.containers[].probes[].httpGet.host", instead: "Give a Host header in httpHeaders." },
  { path: "properties.template.containers[].probes[].tcpSocket.host" },
  { path: "properties.template.containers[].probes[].terminationGracePeriodSeconds", instead: "Use template.terminationGracePeriodSeconds." },
  { path: "properties.template.containers[].resources.gpu" },
  { path: "properties.template.containers[].volumeMounts[].subPath" },
  { path: "properties.template.initContainers" },
  { path: "properties.template.scale.rules[].azureQueue", instead: "Use an http rule." },
  { path: "properties.template.scale.rules[].custom", asks: isObject, instead: "Use an http rule." },
  { path: "properties.template.scale.rules[].http.auth" },
  { path: "properties.template.scale.rules[].http.identity" },
  { path: "properties.template.scale.rules[].http.metadata", asks: (value) => Object.keys(objectOf(value)).some((name) => name !== "concurrentRequests"), instead: "Use concurrentRequests alone." },
  { path: "properties.template.scale.rules[].tcp", asks: isObject, instead: "Use an http rule." },
  { path: "properties.template.serviceBinds" },
  { path: "properties.template.volumes[].storageType", asks: anyOf(...OTHER_STORAGE_TYPES), instead: `Use ${STORAGE_TYPES.join(", ")}.` },
];

interface Usable {
  id: string;
  lifecycle: string;
}

/**
 * Which identities the app's own code could use. The miniature has no token endpoint in containers, and a tool must never
 * find the identity that pulls its image there, so every attached identity has to say that it stays outside.
 */
function usableInContainers(identities: unknown, body: JsonObject): Usable[] {
  const settings = objectOf(objectOf(body["properties"])["configuration"])["identitySettings"];
  if (isUndecided(settings)) return [];
  return Object.keys(objectOf(identities)).flatMap((id) => {
    const found = objectsOf(settings).find(({ identity }) => sameId(String(identity), id));
    const lifecycle = String(found?.["lifecycle"] ?? DEFAULT_LIFECYCLE);
    return lifecycle.toLowerCase() === NOT_IN_CONTAINERS.toLowerCase() ? [] : [{ id, lifecycle }];
  });
}

function isUndecided(value: unknown): boolean {
  if (typeof value === "symbol") return true;
  return (isObject(value) || Array.isArray(value)) && Object.values(value).some(isUndecided);
}

function keptOutside(identities: unknown, body: JsonObject): string {
  return usableInContainers(identities, body)
    .map(({ id, lifecycle }) => `'${id}' has the lifecycle '${lifecycle}': set configuration.identitySettings to { "identity": "${id}", "lifecycle": "${NOT_IN_CONTAINERS}" }.`)
    .join(" ");
}
