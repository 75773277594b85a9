import type { ArmReader } from "../azure/arm-reader.ts";
import { endpointUrl } from "./naming.ts";

/** A tool in the stack's outputs. */
export interface ToolOutput {
  url: string;
  fqdn: string;
  /** Digest reference of the ready revision's image. */
  image: string;
  /** The ready revision: the one that traffic goes to. */
  revision: string;
  /** `https://<routes>.<default domain>/<group>/<name>`, where the platform has path routes and the tool is one of theirs. */
  route?: string;
}

/**
 * A tool as it is served right now, which is not what this run declared when its deployment failed.
 *
 * @returns undefined when there is no such app, or nothing of it has been ready yet
 */
export async function readLiveTool(arm: ArmReader, appId: string, ingressPort: number): Promise<ToolOutput | undefined> {
  const { latestRevisionName, latestReadyRevisionName: ready, configuration, template } = (await arm.containerApp(appId))?.properties ?? {};
  const fqdn = configuration?.ingress?.fqdn;
  if (!ready || !fqdn) return undefined;
  const serving = ready === latestRevisionName ? template : (await arm.revision(appId, ready))?.properties.template;
  const image = (serving ?? template)?.containers?.[0]?.image ?? "";
  return { url: endpointUrl(fqdn, ingressPort), fqdn, image, revision: ready };
}
