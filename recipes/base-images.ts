/**
 * The images that generated Dockerfiles start from, by official name. Both exist for linux/amd64 with the same
 * distribution, so a mirror, or images made from that distribution's packages, can stand in for them.
 */
export const BASE_IMAGES = {
  python: "python:3.11-slim-bookworm",
  node: "node:24-bookworm-slim",
} as const;

export type BaseImageName = keyof typeof BASE_IMAGES;

/**
 * @param redirects official name to the image that takes its place: a company mirror, or one made on this machine.
 *   A digest (`name@sha256:...`) may be part of either; it is never looked up
 */
export function baseImage(name: BaseImageName, redirects: Readonly<Record<string, string>> = {}): string {
  const official = BASE_IMAGES[name];
  return redirects[official] ?? official;
}
