import { randomUUID } from "node:crypto";
import { chmod, copyFile, lstat, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";

export interface StagedFile {
  /** From the context's folder, with `/`. */
  path: string;
  absolutePath: string;
  executable: boolean;
}

export interface StageOptions {
  /** Regular files; whatever else is in the tool's folder is not for the builder. */
  files: StagedFile[];
  /** Written as `Dockerfile`, in place of a file of that name. Left out: `files` has the Dockerfile. */
  dockerfile?: string;
  /** The context's folder, `.toolwharf/contexts/<tool>`. Its marker is beside it, `<tool>.hash`. */
  destination: string;
  /** Of all that makes the image. While it stays the same the context is not touched. */
  hash: string;
}

/**
 * Makes a build context of a tool's files, without touching the tool's folder. Modes are 0644 and 0755 whatever the
 * umask: builders hash them. A context is replaced as a whole, so nobody ever sees half of one.
 * @returns whether it was renewed
 * @throws Error when a file is not a regular file any more, or its path leaves the context
 */
export async function stageContext({ files, dockerfile, destination, hash }: StageOptions): Promise<boolean> {
  const marker = `${destination}.hash`;
  if (await isStaged(destination, marker, hash)) return false;
  const fresh = `${destination}.${randomUUID()}.new`;
  await makeFolder(fresh);
  try {
    for (const file of files) await stageFile(fresh, file);
    if (dockerfile !== undefined) await writeWithMode(join(fresh, "Dockerfile"), dockerfile);
    await rm(marker, { force: true });
    await replaceFolder(fresh, destination);
    await writeFile(marker, `${hash}\n`);
    return true;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function isStaged(destination: string, marker: string, hash: string): Promise<boolean> {
  const known = await readFile(marker, "utf8").catch(() => "");
  if (known.trim() !== hash) return false;
  return lstat(destination).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

async function stageFile(root: string, { path, absolutePath, executable }: StagedFile): Promise<void> {
  const clean = posix.normalize(path);
  if (clean.startsWith("../") || clean.startsWith("/") || clean === "..") throw new Error(`'${path}' leaves the build context`);
  // A link could lead anywhere on this machine.
  if (!(await lstat(absolutePath)).isFile()) throw new Error(`'${path}' is not a regular file: ${absolutePath}`);
  const target = join(root, clean);
  await makeFolder(dirname(target), root);
  await copyFile(absolutePath, target);
  await chmod(target, executable ? 0o755 : 0o644);
}

async function writeWithMode(file: string, content: string): Promise<void> {
  await writeFile(file, content);
  await chmod(file, 0o644);
}

/** `mkdir -p` whose mode does not depend on the umask. */
async function makeFolder(folder: string, root = folder): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length && made.startsWith(root); made = dirname(made)) await chmod(made, 0o755);
}

/** A folder cannot be renamed onto one that has content, so the old one steps aside first. */
async function replaceFolder(fresh: string, destination: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const old = `${destination}.${randomUUID()}.old`;
    await rename(destination, old).catch(ignoreMissing);
    try {
      return await rename(fresh, destination);
    } catch (error) {
      // Somebody else staged the same tool in between; the last one wins.
      const code = (error as NodeJS.ErrnoException).code;
      if (attempt === 5 || (code !== "ENOTEMPTY" && code !== "EEXIST")) throw error;
    } finally {
      await rm(old, { recursive: true, force: true });
    }
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}
