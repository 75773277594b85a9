/** `localhost:5443/tools/weather:1f2e` is repository `localhost:5443/tools/weather` and tag `1f2e`; without a tag, `latest`. */
export function splitTag(name: string): { repository: string; tag: string } {
  const colon = name.lastIndexOf(":");
  // The colon of a port has a slash behind it.
  if (colon === -1 || name.includes("/", colon)) return { repository: name, tag: "latest" };
  return { repository: name.slice(0, colon), tag: name.slice(colon + 1) };
}

/**
 * Host of the registry that a fully qualified name belongs to; undefined for names like `library/nginx`, which
 * Docker completes with Docker Hub (distribution/reference, `splitDockerDomain`).
 */
export function registryHost(name: string): string | undefined {
  const [first, ...rest] = name.split("/");
  if (first === undefined || rest.length === 0) return undefined;
  return first.includes(".") || first.includes(":") || first === "localhost" || first !== first.toLowerCase() ? first : undefined;
}
