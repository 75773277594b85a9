import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FileDigest } from "../recipes/content-hash.ts";
import { RecipeError } from "../recipes/errors.ts";
import type { Recipe } from "../recipes/recipe.ts";
import type { SourceFile } from "../recipes/source-tree.ts";

export interface StagedContext {
  /** Paths relative to the project, the same on every machine. */
  context: string;
  dockerfile: string;
}

/** Raised when the same files are laid out differently. */
const LAYOUT = 2;

/**
 * Copies a tool's files to where the builder takes them, below `.toolwharf/contexts/`: without what is ignored and with
 * modes 0644 and 0755 whatever the umask, because `docker.Image` counts mode bits. Renewed only when the content
 * changed; a copy that was interrupted is made again.
 *
 * A generated Dockerfile has the tool's files beside it in `app/`. A Dockerfile of the folder's own is where it was; one
 * that is not in the context is beside it, as COPY must not find it.
 *
 * @param options.filesHash from `filesHash`
 * @throws RecipeError when a file changes while it is being copied
 */
export async function stageContext(options: { home: string; name: string; files: readonly SourceFile[]; digest: FileDigest; filesHash: string; recipe: Pick<Recipe, "dockerfile" | "build"> }): Promise<StagedContext> {
  const { home, name, files, digest, filesHash, recipe } = options;
  const { own, context } = recipe.build;
  const root = join(home, "contexts", name);
  const beside = own?.outside ? `${root}.Dockerfile` : undefined;
  const staged = { context: join(root, context), dockerfile: beside ?? join(root, own?.path ?? "Dockerfile") };
  const stampFile = `${root}.stamp`;
  const stamp = createHash("sha256").update(JSON.stringify([LAYOUT, recipe.dockerfile, own?.path ?? null, own?.outside ?? null, recipe.build.files, context, filesHash])).digest("hex");
  if (existsSync(staged.dockerfile) && existsSync(staged.context) && readStamp(stampFile) === stamp) return staged;

  const fresh = `${root}.${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  const folders = new Set<string>();
  const put = async (path: string, content: string | Uint8Array, mode: number): Promise<void> => {
    const target = join(fresh, path);
    await makeFolder(dirname(target), folders);
    await writeFile(target, content);
    await chmod(target, mode);
  };
  for (const file of files) {
    const content = await file.read();
    if (createHash("sha256").update(content).digest("hex") !== (await digest(file))) {
      throw new RecipeError([{ code: "FILE_CHANGED", message: `${JSON.stringify(file.path)} changed while it was being copied: run the same command again`, value: file.path }]);
    }
    await put(own ? file.path : `app/${file.path}`, content, file.executable ? 0o755 : 0o644);
  }
  if (!own) await put("Dockerfile", recipe.dockerfile, 0o644);
  for (const [path, text] of Object.entries(recipe.build.files)) await put(path, text, 0o644);
  // Every file in it may be ignored.
  await makeFolder(join(fresh, context), folders);

  await rm(stampFile, { force: true });
  await rm(root, { recursive: true, force: true });
  await rename(fresh, root);
  if (beside !== undefined) await writeFile(beside, recipe.dockerfile);
  await writeFile(stampFile, stamp);
  return staged;
}

async function makeFolder(folder: string, made: Set<string>): Promise<void> {
  if (made.has(folder)) return;
  made.add(folder);
  // Not at once: each folder on the way gets its mode, whatever the umask.
  if (!existsSync(dirname(folder))) await makeFolder(dirname(folder), made);
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
}

function readStamp(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
