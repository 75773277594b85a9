import { ArmError } from "../arm/errors.ts";
import type { ArmDocument } from "../arm/hosts.ts";
import { hostName } from "./names.ts";
import { ingressOf, propertiesOf, type Plan } from "./template.ts";

/**
 * `NAME=value` for a container: what Azure sets (Azure docs, "Environment variables", built-in ones), then the template's own. There is no
 * `IDENTITY_ENDPOINT`: an identity that only pulls images (lifecycle `None`) cannot be used by the code.
 * @throws ArmError `ContainerAppSecretRefNotFound`
 */
export function environmentVariables(options: { app: ArmDocument; plan: Plan; revision: string; replica: string; domain: string }): string[] {
  const { app, plan, revision, replica, domain } = options;
  const ingress = ingressOf(app);
  const secrets = new Map((propertiesOf(app).configuration?.secrets ?? []).map(({ name, value }) => [name, value ?? ""]));
  const own = plan.container.env.map(({ name, value, secretRef }) => {
    if (!secretRef) return [name, value ?? ""];
    const secret = secrets.get(secretRef);
    if (secret === undefined) throw new ArmError("ContainerAppSecretRefNotFound", `SecretRef '${secretRef}' defined for container '${plan.container.name}' not found.`);
    return [name, secret];
  });
  const given = [
    ["CONTAINER_APP_NAME", app.name],
    ["CONTAINER_APP_REVISION", revision],
    ["CONTAINER_APP_REPLICA_NAME", replica],
    ["CONTAINER_APP_ENV_DNS_SUFFIX", domain],
    ...(ingress ? [["CONTAINER_APP_HOSTNAME", hostName(revision, domain, ingress.external === true)]] : []),
    ...(plan.targetPort === undefined ? [] : [["CONTAINER_APP_PORT", String(plan.targetPort)]]),
  ];
  return [...given, ...own].map(([name, value]) => `${name}=${value}`);
}
