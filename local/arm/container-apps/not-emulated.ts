import { notEmulated } from "../errors.ts";
import { isEmpty, objectOf, objectsOf, type JsonObject } from "../json.ts";
import type { Desired } from "../service.ts";

/** Properties that Azure has and the miniature has not: asked for, they are refused by name. */
const UNSUPPORTED: Array<{ within: (properties: JsonObject) => JsonObject[]; prefix: string; names: string[] }> = [
  {
    within: (properties) => [objectOf(properties["configuration"])],
    prefix: "configuration",
    names: ["service", "runtime", "revisionTransitionThreshold", "targetLabel"],
  },
  {
    within: (properties) => [objectOf(objectOf(properties["configuration"])["ingress"])],
    prefix: "configuration.ingress",
    names: ["customDomains", "corsPolicy", "additionalPortMappings", "targetPortHttpScheme"],
  },
  {
    within: (properties) => [objectOf(properties["template"])],
    prefix: "template",
    names: ["initContainers", "serviceBinds"],
  },
  {
    within: (properties) => objectsOf(objectOf(properties["template"])["containers"]).flatMap(({ volumeMounts }) => objectsOf(volumeMounts)),
    prefix: "template.containers.volumeMounts",
    names: ["subPath"],
  },
  {
    within: (properties) => objectsOf(objectOf(properties["template"])["containers"]).map(({ resources }) => objectOf(resources)),
    prefix: "template.containers.resources",
    names: ["gpu"],
  },
  {
    within: (properties) => objectsOf(objectOf(objectOf(properties["template"])["scale"])["rules"]),
    prefix: "template.scale.rules",
    names: ["azureQueue", "custom", "tcp"],
  },
];

export function checkEmulated({ properties, kind }: Desired): void {
  for (const { within, prefix, names } of UNSUPPORTED) {
    for (const object of within(properties)) {
      const name = names.find((each) => !isEmpty(object[each]));
      if (name !== undefined) throw notEmulated(`properties.${prefix}.${name}`);
    }
  }
  if (!isEmpty(kind)) throw notEmulated(`container apps of the kind '${kind}'`);
  const configuration = objectOf(properties["configuration"]);
  const ingress = objectOf(configuration["ingress"]);
  if (objectOf(configuration["dapr"])["enabled"] === true) throw notEmulated("Dapr (configuration.dapr)");
  if (!isEmpty(ingress["clientCertificateMode"]) && !same(ingress["clientCertificateMode"], "ignore")) {
    throw notEmulated("client certificates (ingress.clientCertificateMode)");
  }
  if (same(ingress["transport"], "tcp")) throw notEmulated("TCP ingress (ingress.transport: tcp)");
  if (!isEmpty(ingress["exposedPort"]) && ingress["exposedPort"] !== 0) throw notEmulated("ingress.exposedPort, which is for TCP ingress");
  if (same(configuration["activeRevisionsMode"], "labels")) throw notEmulated("the revision mode Labels", "Use Single or Multiple.");
  for (const { imageType } of objectsOf(objectOf(properties["template"])["containers"])) {
    if (!isEmpty(imageType) && !same(imageType, "ContainerImage")) throw notEmulated(`images of the type '${imageType}'`, "Use ContainerImage.");
  }
}

/** What Azure accepts and the hosts cannot run; asked last, so that what Azure refuses is refused in Azure's words. */
export function checkCanRun(ingress: JsonObject | undefined, containers: JsonObject[]): void {
  if (ingress && same(ingress["transport"], "http2")) throw notEmulated("HTTP/2 ingress (ingress.transport: http2)", "Use auto or http.");
  if (containers.length > 1) throw notEmulated("apps of several containers", "Use one container.");
}

const same = (value: unknown, word: string) => String(value).toLowerCase() === word.toLowerCase();
