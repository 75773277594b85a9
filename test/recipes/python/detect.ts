import { expect } from "@jest/globals";
import { detectRecipe } from "../../../recipes/detection.ts";
import { RecipeError } from "../../../recipes/errors.ts";
import { folderTree } from "../../../recipes/folder-tree.ts";
import type { Recipe } from "../../../recipes/recipe.ts";
import { readSource } from "../../../recipes/source.ts";
import { Folder } from "../folder.ts";

export type Files = Record<string, string | Uint8Array>;

export async function detect(files: Files): Promise<Recipe> {
  using folder = new Folder();
  for (const [name, content] of Object.entries(files)) folder.write(name, content);
  return await detectRecipe(await readSource(folderTree(folder.path)));
}

/** Codes and lines of a refusal. */
export async function refusalOf(files: Files): Promise<{ code: string; problems: string[] }> {
  const error = await detect(files).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RecipeError);
  return error as RecipeError;
}
