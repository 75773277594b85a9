import { createHash } from "node:crypto";
import { contentHash, filesHash } from "./content-hash.ts";
import { detectRecipe } from "./detection.ts";
import { RecipeError } from "./errors.ts";
import type { Manifest } from "./manifest/manifest.ts";
import { DEFAULT_GROUP, isToolName, TOOL_NAME_RULE, toolNameOf } from "./names.ts";
import { because } from "./recipe.ts";
import type { Recipe } from "./recipe.ts";
import type { Chosen, RecipeRequest } from "./request.ts";
import { readSource } from "./source.ts";
import type { SourceFile, SourceTree } from "./source-tree.ts";

/** Files named as the largest. */
const LARGEST = 5;

/** What a deployment of a folder would be made of. */
export interface Inspection {
  name: string;
  group: string;
  recipe: Recipe;
  /** The recipe's, and that of the name. */
  reasons: string[];
  contentHash: string;
  /** `<group>/<name>:<content hash>`, below the login server of a registry. */
  image: string;
  /** What the builder gets: number of files, their bytes, and the largest, biggest first. */
  context: { files: number; bytes: number; largest: Array<{ path: string; bytes: number }> };
}

/**
 * @param folderName of the folder or archive: the tool's name where the manifest has none
 * @throws RecipeError
 */
export async function inspectTool(tree: SourceTree, folderName: string, request: RecipeRequest = {}): Promise<Inspection> {
  const source = await readSource(tree);
  const recipe = await detectRecipe(source, request);
  const name = nameOf(source.manifest, folderName);
  const group = source.manifest.fields.group ?? DEFAULT_GROUP;
  const hash = contentHash(recipe, await filesHash(source.files, digestOf));
  return {
    name: name.value,
    group,
    recipe,
    reasons: [...recipe.reasons, name.reason],
    contentHash: hash,
    image: `${group}/${name.value}:${hash}`,
    context: {
      files: source.files.length,
      bytes: source.files.reduce((sum, { size }) => sum + size, 0),
      largest: [...source.files].sort((left, right) => right.size - left.size).slice(0, LARGEST).map(({ path, size }) => ({ path, bytes: size })),
    },
  };
}

async function digestOf(file: SourceFile): Promise<string> {
  return createHash("sha256").update(await file.read()).digest("hex");
}

function nameOf({ file, fields }: Manifest, folderName: string): Chosen<string> {
  const chosen = (value: string, why: string): Chosen<string> => ({ value, reason: because(`name ${value}`, why) });
  if (fields.name !== undefined) return chosen(fields.name, `${file} says so`);
  if (isToolName(folderName)) return chosen(folderName, "the folder is called that");
  const made = toolNameOf(folderName);
  if (made !== undefined) return chosen(made, `the folder is called ${JSON.stringify(folderName)}, which is no name for a tool`);
  throw new RecipeError([{ code: "TOOL_NAME_INVALID", message: `the folder is called ${JSON.stringify(folderName)}, of which no name for a tool can be made; write one in ${file}: name: <name>; allowed: ${TOOL_NAME_RULE}`, value: folderName, allowed: TOOL_NAME_RULE }]);
}
