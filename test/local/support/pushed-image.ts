import { randomBytes } from "node:crypto";
import type { ContainerRegistryContentClient } from "@azure/container-registry";

/** Pushes an image for linux/amd64 with one layer under each of the tags, or by its digest alone. */
export async function pushImage(content: ContainerRegistryContentClient, tags: string[], layer: Buffer = randomBytes(100)) {
  // The config differs with the layer, as a real one does.
  const config = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", of: layer.subarray(0, 8).toString("hex") }));
  const described = async (bytes: Buffer) => {
    const { digest, sizeInBytes } = await content.uploadBlob(bytes);
    return { digest, size: sizeInBytes };
  };
  const manifest = {
    schemaVersion: 2 as const,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { ...(await described(config)), mediaType: "application/vnd.oci.image.config.v1+json" },
    layers: [{ ...(await described(layer)), mediaType: "application/vnd.oci.image.layer.v1.tar" }],
  };
  let digest = "";
  for (const tag of tags.length > 0 ? tags : [undefined]) digest = (await content.setManifest(manifest, tag === undefined ? {} : { tag })).digest;
  return { digest, manifest, size: config.length + layer.length };
}
