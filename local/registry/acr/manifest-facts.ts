import type { Content } from "../content.ts";

/** What ACR tells of a manifest beside its name, times and attributes. */
export interface ManifestFacts {
  imageSize: number;
  mediaType?: string;
  architecture?: string;
  os?: string;
  configMediaType?: string;
  /** Of an index: what it leads to. */
  references?: Array<{ digest: string; architecture?: string; os?: string }>;
}

interface Descriptor {
  mediaType?: string;
  digest?: string;
  size?: number;
  platform?: { architecture?: string; os?: string };
}

interface Manifest {
  mediaType?: string;
  config?: Descriptor;
  layers?: Descriptor[];
  manifests?: Descriptor[];
}

/** Configs are a few KB; one that says to be larger is not read for its platform. */
const CONFIG_LIMIT_BYTES = 1024 * 1024;

const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX = "application/vnd.oci.image.index.v1+json";

/** Reads a manifest, and the platform from its config. One that is no JSON has a size only. */
export async function factsOf(content: Content, digest: string): Promise<ManifestFacts> {
  const bytes = (await content.blob(digest)) ?? Buffer.alloc(0);
  const manifest = parse<Manifest>(bytes);
  if (!manifest) return { imageSize: bytes.length };
  if (Array.isArray(manifest.manifests)) {
    return { imageSize: bytes.length, mediaType: manifest.mediaType ?? OCI_INDEX, references: manifest.manifests.map(referenceOf) };
  }
  const { config, layers = [] } = manifest;
  const small = config?.digest && (config.size ?? 0) <= CONFIG_LIMIT_BYTES;
  const platform = small ? parse<{ architecture?: unknown; os?: unknown }>((await content.blob(config.digest!)) ?? Buffer.alloc(0)) : undefined;
  return {
    imageSize: [...(config ? [config] : []), ...layers].reduce((sum, { size }) => sum + (size ?? 0), 0),
    mediaType: manifest.mediaType ?? OCI_MANIFEST,
    ...(typeof platform?.architecture === "string" && { architecture: platform.architecture }),
    ...(typeof platform?.os === "string" && { os: platform.os }),
    ...(config?.mediaType && { configMediaType: config.mediaType }),
  };
}

const referenceOf = ({ digest = "", platform }: Descriptor) => ({ digest, ...(platform && { architecture: platform.architecture, os: platform.os }) });

function parse<T extends object>(bytes: Buffer): T | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return typeof value === "object" && value !== null ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}
