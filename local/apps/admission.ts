import { ArmError } from "../arm/errors.ts";
import type { ArmDocument } from "../arm/hosts.ts";
import { unauthorized, type RegistryError } from "../registry/answers.ts";
import type { ImageSource } from "../registry/registry-host.ts";
import { repositoryScope } from "../registry/scopes.ts";
import type { Engine } from "./engine.ts";
import { parseImage } from "./image-name.ts";
import { propertiesOf } from "./template.ts";

/**
 * Admits one image as Azure does before it makes a revision: looked up in its registry as the identity that the app is configured
 * with, then pulled by the engine as that identity.
 * @throws ArmError `ContainerAppOperationError` with Azure's text
 */
export async function admitImage(options: { app: ArmDocument; container: string; image: string; registries: ImageSource; engine: Engine; /** Refused whatever the roles say. */ denied: boolean }): Promise<void> {
  const { app, container, image, registries, engine, denied } = options;
  const { server, repository, reference } = parseImage(image);
  if (denied) throw registryRefused(app.name, container, image, unauthorized([repositoryScope(repository, "pull")]));
  if (registries.has(server)) {
    const found = await registries.resolve(server, repository, reference, pullIdentity(app, server));
    if ("error" in found) throw registryRefused(app.name, container, image, found.error);
  }
  await pullImage({ app, image, registries, engine }).catch((error: Error) => {
    throw imageRefused(app.name, container, image, error.message);
  });
}

/** Pulls as the app's identity, anonymously when it has none for the image's registry. */
export async function pullImage({ app, image, registries, engine }: { app: ArmDocument; image: string; registries: ImageSource; engine: Engine }): Promise<void> {
  const { server } = parseImage(image);
  const credential = await credentialFor(app, server, registries);
  await engine.pull(image, credential && { ...credential, serveraddress: server });
}

async function credentialFor(app: ArmDocument, server: string, registries: ImageSource): Promise<{ username: string; password: string } | undefined> {
  const principalId = registries.has(server) ? pullIdentity(app, server) : undefined;
  return principalId === undefined ? undefined : registries.pullCredential(server, principalId);
}

/** Principal of the identity in `configuration.registries[]` for this server; it has to be one of the app's own. */
function pullIdentity(app: ArmDocument, server: string): string | undefined {
  const entries = propertiesOf(app).configuration?.registries ?? [];
  const identity = entries.find((entry) => entry.server?.toLowerCase() === server.toLowerCase())?.identity;
  const own = Object.entries(app.identity?.userAssignedIdentities ?? {});
  return own.find(([id]) => id.toLowerCase() === identity?.toLowerCase())?.[1].principalId;
}

const registryRefused = (app: string, container: string, image: string, { code, message, detail }: RegistryError): ArmError =>
  imageRefused(app, container, image, `${code}: ${message}${detail === null || detail === undefined ? "" : `; ${goText(detail)}`}`);

/** Text of a failed image in Azure's operation error, seen with tags that are missing and identities without AcrPull. */
const imageRefused = (app: string, container: string, image: string, cause: string): ArmError =>
  new ArmError(
    "ContainerAppOperationError",
    `Failed to provision revision for container app '${app}'. Error details: The following field(s) are either invalid or missing. ` +
      `Field 'template.containers.${container}.image' is invalid with details: 'Invalid value: "${image}": GET https:: ${cause}';..`,
  );

/** The registry's detail as Go prints it, since that is what Azure shows: `[map[Action:pull Name:api Type:repository]]`. */
export function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(" ")}]`;
  if (value === null || typeof value !== "object") return String(value);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `map[${entries.map(([key, each]) => `${key}:${goText(each)}`).join(" ")}]`;
}
