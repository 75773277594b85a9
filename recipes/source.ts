import { RecipeError } from "./errors.ts";
import { parseIgnoreRules } from "./ignore-rules.ts";
import type { IgnoreRules } from "./ignore-rules.ts";
import { MANIFEST_NAMES, noManifest } from "./manifest/manifest.ts";
import type { Manifest } from "./manifest/manifest.ts";
import { findOwnDockerfile } from "./own-dockerfile-file.ts";
import type { OwnDockerfile } from "./recipe.ts";
import { listSource, notRegular } from "./source-listing.ts";
import type { SourceFile, SourceTree } from "./source-tree.ts";

/** A tool as recipes see it. */
export interface Source {
  /**
   * What the builder gets, ordered by path: of a Dockerfile of the folder's own all that is in its context; of a
   * generated one all but the manifest, so that another setting is no other image.
   */
  files: SourceFile[];
  manifest: Manifest;
  /** The Dockerfile of the folder's own that is to be used. */
  own?: OwnDockerfile;
  has: (path: string) => boolean;
  /** UTF-8 text without a byte order mark. Read once. */
  text: (path: string) => Promise<string>;
}

/**
 * Reads the manifest, and lists the files by the ignore file that belongs to what the manifest says.
 *
 * @throws RecipeError
 */
export async function readSource(tree: SourceTree): Promise<Source> {
  if ((await tree.entries("")).length === 0) throw new RecipeError([{ code: "FOLDER_EMPTY", message: "it is empty" }]);
  const manifest = await findManifest(tree);
  const own = await findOwnDockerfile(tree, manifest);
  const rules = await findRules(tree, manifest, own?.path);
  const listed = await listSource(tree, rules);
  if (listed.length === 0 && own === undefined) throw new RecipeError([{ code: "FOLDER_EMPTY", message: "it is empty, or everything in it is ignored" }]);
  const context = manifest.fields.build.context ?? ".";
  const files = listed.filter(({ path }) => (own ? context === "." || path.startsWith(`${context}/`) : path !== manifest.file));
  const byPath = new Map(files.map((file) => [file.path, file]));
  const texts = new Map<string, Promise<string>>();
  return {
    files,
    manifest,
    ...(own && { own: { ...own, outside: !byPath.has(own.path) } }),
    has: (path) => byPath.has(path),
    text: (path) => {
      const text = texts.get(path) ?? byPath.get(path)!.read().then(decode);
      texts.set(path, text);
      return text;
    },
  };
}

async function findManifest(tree: SourceTree): Promise<Manifest> {
  const kinds = await Promise.all(MANIFEST_NAMES.map((name) => tree.kindOf(name)));
  const present = MANIFEST_NAMES.filter((_, at) => kinds[at] !== undefined);
  const [file] = present;
  if (file === undefined) return noManifest();
  if (present.length > 1) throw new RecipeError([{ code: "MANIFEST_UNREADABLE", message: `${present.join(" and ")} are both there; allowed: one of them` }]);
  const kind = kinds[MANIFEST_NAMES.indexOf(file)]!;
  if (kind !== "file") throw new RecipeError([notRegular(file, kind)]);
  // Most tools have none, and its validator takes as long to load as the rest of the program.
  const { readManifest } = await import("./manifest/read-manifest.ts");
  return readManifest(file, await (await tree.file(file)).read());
}

/** As Docker chooses: the Dockerfile's own ignore file, else the context's. */
async function findRules(tree: SourceTree, manifest: Manifest, dockerfile = "Dockerfile"): Promise<IgnoreRules> {
  const context = manifest.fields.build.context ?? ".";
  const below = context === "." ? "" : `${context}/`;
  for (const { name, root } of [{ name: `${dockerfile}.dockerignore`, root: below }, { name: `${below}.dockerignore`, root: below }]) {
    if ((await tree.kindOf(name)) !== "file") continue;
    try {
      return below === "" ? parseIgnoreRules(decode(await (await tree.file(name)).read())) : within(root, parseIgnoreRules(decode(await (await tree.file(name)).read())));
    } catch (error) {
      throw new RecipeError([{ code: "IGNORE_FILE_INVALID", message: (error as Error).message, file: name }]);
    }
  }
  return parseIgnoreRules("");
}

/** Rules of a context below the tool's folder; outside of it they say nothing. */
function within(root: string, rules: IgnoreRules): IgnoreRules {
  return {
    ignores: (path) => path.startsWith(root) && rules.ignores(path.slice(root.length)),
    prunes: (folder) => folder.startsWith(root) && rules.prunes(folder.slice(root.length)),
  };
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
