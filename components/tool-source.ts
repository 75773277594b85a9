import { join } from "node:path";
import { contentHash, filesHash } from "../recipes/content-hash.ts";
import { detectRecipe } from "../recipes/detection.ts";
import { folderTree } from "../recipes/folder-tree.ts";
import type { Recipe } from "../recipes/recipe.ts";
import { readSource } from "../recipes/source.ts";
import { RecipeError } from "../recipes/errors.ts";
import type { Manifest } from "../recipes/manifest/manifest.ts";
import { DEFAULT_GROUP } from "../recipes/names.ts";
import { openFileDigests } from "./file-digests.ts";
import { mergeSettings } from "./manifest-settings.ts";
import { claimOf } from "./naming.ts";
import { stageContext } from "./staged-context.ts";
import { TOOL_DEFAULTS } from "./tool-settings.ts";
import type { ToolSettings } from "./tool-settings.ts";

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
  target?: string;
  settings: ToolSettings;
  environment: Record<string, string>;
  /** Of the app, in Azure. */
  tags: Record<string, string>;
  /** Of the image, beside the content hash and those of the run. */
  imageTags: string[];
  /** Names of environment variables that need a value from `toolSecrets`. */
  secretNames: string[];
}

export interface ToolSourceOptions {
  name: string;
  folder: string;
  /** Settings for all tools. @default the program's own */
  settings?: ToolSettings;
  /** What is set for this tool alone; it comes before the manifest. @default nothing */
  own?: Partial<ToolSettings>;
  /** Names that volumes can have. @default any, as only another stack knows them */
  storages?: readonly string[];
  /** Official name to the image that takes its place. @default none */
  baseImages?: Record<string, string>;
}

/** How long a tool may live, for whoever cleans up. */
const TTL_TAG = "toolwharf-ttl-seconds";

/**
 * Finds out what a tool folder is, and stages it for the builder. The folder is only read.
 *
 * @throws RecipeError
 */
export async function readToolSource({ name, folder, settings: common = TOOL_DEFAULTS, own = {}, storages, baseImages = {} }: ToolSourceOptions): Promise<ToolSource> {
  const source = await readSource(folderTree(folder));
  const { manifest } = source;
  const { fields } = manifest;
  checkName(name, manifest);
  checkVolumes(manifest, storages);
  const settings = mergeSettings(common, manifest, own);
  const defaults = { port: common.targetPort, healthPath: common.healthPath };
  const recipe = await detectRecipe(source, { baseImages, port: own.targetPort, healthPath: own.healthPath, defaults });
  const digests = openFileDigests(join(HOME, "cache", "digests", `${name}.json`));
  const hash = await filesHash(source.files, digests.digest);
  const staged = await stageContext({ home: HOME, name, files: source.files, digest: digests.digest, filesHash: hash, recipe });
  digests.save();
  const tag = contentHash(recipe, hash);
  return {
    recipe,
    tag,
    ...staged,
    buildArgs: {
      ...recipe.build.args,
      ...(!recipe.build.own && { IMAGE_TITLE: claimOf(fields.group ?? DEFAULT_GROUP, name), IMAGE_VERSION: tag }),
    },
    ...(recipe.build.target !== undefined && { target: recipe.build.target }),
    settings: { ...settings, targetPort: recipe.port, healthPath: recipe.healthPath },
    environment: recipe.environment,
    tags: { ...fields.tags, ...(fields.ttlSeconds !== undefined && { [TTL_TAG]: String(fields.ttlSeconds) }) },
    imageTags: fields.build.tags,
    secretNames: fields.secrets,
  };
}

function checkVolumes({ fields, problem }: Manifest, storages: readonly string[] | undefined): void {
  const allowed = storages && (storages.join(", ") || "none is set");
  const unknown = fields.volumes.flatMap(({ storage }, at) =>
    storages?.includes(storage) === false ? [problem(["volumes", at, "storage"], "MANIFEST_INVALID", `is ${JSON.stringify(storage)}; allowed: a storage of the platform (toolwharf:storages): ${allowed}`, { value: storage, allowed })] : [],
  );
  if (unknown.length > 0) throw new RecipeError(unknown);
}

/** Stacks, settings and outputs go by the folder's name. */
function checkName(name: string, { fields, problem }: Manifest): void {
  if (fields.name === undefined || fields.name === name) return;
  throw new RecipeError([problem(["name"], "TOOL_NAME_INVALID", `is ${JSON.stringify(fields.name)}, and the folder is called ${JSON.stringify(name)}; allowed here: the folder's name, or none`, { value: fields.name, allowed: name })]);
}
