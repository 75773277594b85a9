export interface ImageName {
  /** Registry's host and port. */
  server: string;
  repository: string;
  /** Tag or digest. */
  reference: string;
}

const DEFAULT_SERVER = "docker.io";

/** Reads an image name as Docker does: the part before the first `/` is a registry when it has a dot, a port, or is `localhost`. */
export function parseImage(image: string): ImageName {
  const [first = "", ...others] = image.split("/");
  const hasServer = others.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const server = hasServer ? first : DEFAULT_SERVER;
  const rest = hasServer ? others.join("/") : image;
  const digestAt = rest.indexOf("@");
  const named = digestAt < 0 ? rest : rest.slice(0, digestAt);
  const tagAt = named.lastIndexOf(":");
  const repository = tagAt > named.lastIndexOf("/") ? named.slice(0, tagAt) : named;
  const tag = tagAt > named.lastIndexOf("/") ? named.slice(tagAt + 1) : "latest";
  return { server, repository, reference: digestAt < 0 ? tag : rest.slice(digestAt + 1) };
}
