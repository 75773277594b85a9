import type { Registry } from "../azure/registry.ts";
import { Failure } from "./failure.ts";

/**
 * @param repository `<group>/<tool>`
 * @returns gives an image, by its digest reference, every tag that it does not have yet
 * @throws Failure `IMAGE_NOT_TAGGED` from what is returned
 */
export function taggingOf(registry: Pick<Registry, "tagManifest">, repository: string, tags: readonly string[]): (reference: string) => Promise<void> {
  return async (reference) => {
    const digest = reference.slice(reference.indexOf("@") + 1);
    for (const tag of tags) {
      await registry.tagManifest(repository, digest, tag).catch((error: unknown) => {
        throw new Failure("IMAGE_NOT_TAGGED", `${repository}@${digest} is deployed, and could not be tagged ${tag}: ${(error as Error).message}`, { next: "run the same command again" });
      });
    }
  };
}
