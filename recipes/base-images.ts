/**
 * The images that generated Dockerfiles start from, by the version that a tool asks for, with their official names. All
 * are for linux/amd64 and of one distribution, so that a mirror, or images made from that distribution's packages, can
 * stand in for them.
 */
export const PYTHON_IMAGES = {
  "3.10": "python:3.10-slim-bookworm",
  "3.11": "python:3.11-slim-bookworm",
  "3.12": "python:3.12-slim-bookworm",
  "3.13": "python:3.13-slim-bookworm",
  "3.14": "python:3.14-slim-bookworm",
} as const;
export const NODE_IMAGES = {
  "20": "node:20-bookworm-slim",
  "22": "node:22-bookworm-slim",
  "24": "node:24-bookworm-slim",
} as const;

export type PythonVersion = keyof typeof PYTHON_IMAGES;
export type NodeVersion = keyof typeof NODE_IMAGES;

/** Where a tool asks for none. */
export const DEFAULT_PYTHON: PythonVersion = "3.11";
export const DEFAULT_NODE: NodeVersion = "24";

/**
 * @param official one of the names above
 * @param redirects official name to the image that takes its place: a company mirror, or one made on this machine.
 *   A digest (`name@sha256:...`) may be part of either; it is never looked up
 */
export function baseImage(official: string, redirects: Readonly<Record<string, string>> = {}): string {
  return Object.hasOwn(redirects, official) ? redirects[official]! : official;
}
