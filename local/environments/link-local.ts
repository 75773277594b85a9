import { createHash } from "node:crypto";

/** Where clouds serve a machine's metadata, tokens among them. The gateway has it in each environment, so the machine's own is out of reach. */
export const METADATA_ADDRESS = "169.254.169.254";

/** Third numbers of an address: without the first and the last (RFC 3927, 2.1: reserved), and without those that clouds serve things at. */
const LOWEST = 1;
const COUNT = 160;

/**
 * A link-local address for a container. One that has such an address looks for all of 169.254.0.0/16 in its own network, and not behind
 * the machine. Two containers may have the same one; nobody speaks to it.
 */
export function linkLocalAddress(containerName: string): string {
  const [third = 0, fourth = 0] = createHash("sha256").update(containerName).digest();
  return `169.254.${LOWEST + (third % COUNT)}.${1 + (fourth % 254)}`;
}
