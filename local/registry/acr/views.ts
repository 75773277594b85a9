import type { Attributes } from "../attributes.ts";
import type { Stored } from "../content.ts";
import type { ManifestFacts } from "./manifest-facts.ts";

/** Bodies of `/acr/v1`, as ACR's OpenAPI document of 2021-07-01 and the recordings of Azure's SDK tests have them. */

const times = ({ createdAt, updatedAt }: Pick<Stored, "createdAt" | "updatedAt">) => ({
  createdTime: createdAt.toISOString(),
  lastUpdateTime: updatedAt.toISOString(),
});

export const tagView = (tag: Stored, changeableAttributes: Attributes) => ({
  name: tag.name,
  digest: tag.digest,
  ...times(tag),
  signed: false,
  changeableAttributes,
});

export const manifestView = (manifest: Stored, facts: ManifestFacts, tags: string[], changeableAttributes: Attributes) => ({
  digest: manifest.digest,
  ...facts,
  ...times(manifest),
  ...(tags.length > 0 && { tags }),
  changeableAttributes,
});

/** A repository is as old as its oldest manifest or tag, and was changed when the last of them was. */
export function repositoryView(registry: string, imageName: string, tags: Stored[], manifests: Stored[], changeableAttributes: Attributes) {
  const all = [...tags, ...manifests];
  return {
    registry,
    imageName,
    ...times({
      createdAt: new Date(Math.min(...all.map(({ createdAt }) => createdAt.getTime()))),
      updatedAt: new Date(Math.max(...all.map(({ updatedAt }) => updatedAt.getTime()))),
    }),
    manifestCount: manifests.length,
    tagCount: tags.length,
    changeableAttributes,
  };
}
