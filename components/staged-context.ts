import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FileDigest } from "../recipes/content-hash.ts";
import { RecipeError } from "../recipes/recipe.ts";
import type { SourceFile } from "../recipes/source-listing.ts";

export interface StagedContext {
  /** Paths relative to the project, the same on every machine. */
  context: string;
  dockerfile: string;
}

/** Raised when the same files are laid out differently. */
const LAYOUT = 1;

/**
 * Copies a tool's files to where the builder takes them, below `.toolwharf/contexts/`: without what is ignored and with
 * modes 0644 and 0755 whatever the umask, because `docker.Image` counts mode bits. Renewed only when the content
 * changed; a copy that was interrupted is made again.
 *
 * @param options.dockerfile text of a generated Dockerfile, beside the files then in `app/`; undefined: the files have one
 * @param options.filesHash from `filesHash`
 * @throws RecipeError when a file changes while it is being copied
 */
export async function stageContext(options: { home: string; name: string; files: readonly SourceFile[]; digest: FileDigest; filesHash: string; dockerfile?: string }): Promise<StagedContext> {
  const { home, name, files, digest, filesHash, dockerfile } = options;
  const context = join(home, "contexts", name);
  const staged = { context, dockerfile: join(context, "Dockerfile") };
  const stampFile = `${context}.stamp`;
  const stamp = createHash("sha256").update(JSON.stringify([LAYOUT, dockerfile ?? null, filesHash])).digest("hex");
  if (existsSync(staged.dockerfile) && readStamp(stampFile) === stamp) return staged;

  const fresh = `${context}.${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  const folders = new Set<string>();
  const put = async (path: string, content: string | Buffer, mode: number): Promise<void> => {
    const target = join(fresh, path);
    await makeFolder(dirname(target), folders);
    await writeFile(target, content);
    await chmod(target, mode);
  };
  for (const file of files) {
    const content = await readFile(file.location);
    if (createHash("sha256").update(content).digest("hex") !== (await digest(file))) {
      throw new RecipeError([`${JSON.stringify(file.path)} changed while it was being copied: run the same command again`]);
    }
    await put(dockerfile === undefined ? file.path : `app/${file.path}`, content, file.executable ? 0o755 : 0o644);
  }
  if (dockerfile !== undefined) await put("Dockerfile", dockerfile, 0o644);

  await rm(stampFile, { force: true });
  await rm(context, { recursive: true, force: true });
  await rename(fresh, context);
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
