import { join } from "node:path";
import { baseImage } from "../recipes/base-images.ts";
import { contentHash, filesHash } from "../recipes/content-hash.ts";
import { detectRecipe } from "../recipes/detection.ts";
import type { Recipe } from "../recipes/recipe.ts";
import { listSource } from "../recipes/source-listing.ts";
import { openFileDigests } from "./file-digests.ts";
import { stageContext } from "./staged-context.ts";

/** What the project keeps beside its sources and never commits. */
export const HOME = ".toolwharf";

/** A folder, ready to be built. */
export interface ToolSource {
  recipe: Recipe;
  /** The content hash. */
  tag: string;
  context: string;
  dockerfile: string;
  buildArgs: Record<string, string>;
}

/**
 * Finds out what a tool folder is, and stages it for the builder. The folder is only read.
 *
 * @param options.baseImages official name to the image that takes its place
 * @throws RecipeError
 */
export async function readToolSource({ name, folder, baseImages = {} }: { name: string; folder: string; baseImages?: Record<string, string> }): Promise<ToolSource> {
  const files = await listSource(folder);
  const recipe = await detectRecipe(files);
  const digests = openFileDigests(join(HOME, "cache", "digests", `${name}.json`));
  const hash = await filesHash(files, digests.digest);
  const base = recipe.base && baseImage(recipe.base, baseImages);
  const staged = await stageContext({ home: HOME, name, files, digest: digests.digest, filesHash: hash, dockerfile: recipe.dockerfile });
  digests.save();
  return { recipe, tag: contentHash({ recipe, files: hash, base }), ...staged, buildArgs: base === undefined ? {} : { BASE_IMAGE: base } };
}
