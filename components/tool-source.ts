import { join } from "node:path";
import { contentHash, filesHash } from "../recipes/content-hash.ts";
import { detectRecipe } from "../recipes/detection.ts";
import { folderTree } from "../recipes/folder-tree.ts";
import type { Recipe } from "../recipes/recipe.ts";
import { readSource } from "../recipes/source.ts";
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
  const source = await readSource(folderTree(folder));
  const recipe = await detectRecipe(source, { baseImages });
  const digests = openFileDigests(join(HOME, "cache", "digests", `${name}.json`));
  const hash = await filesHash(source.files, digests.digest);
  const staged = await stageContext({ home: HOME, name, files: source.files, digest: digests.digest, filesHash: hash, recipe });
  digests.save();
  return { recipe, tag: contentHash(recipe, hash), ...staged, buildArgs: recipe.build.args };
}
