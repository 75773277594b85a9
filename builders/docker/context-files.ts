import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Stats } from "node:fs";
import { parseIgnoreRules } from "../../recipes/ignore-rules.ts";

export interface ContextEntry {
  /** From the context's folder, with `/`. */
  path: string;
  absolutePath: string;
  stats: Stats;
}

export interface ContextOptions {
  context: string;
  /** Its own `<dockerfile>.dockerignore` goes before the context's `.dockerignore`. */
  dockerfile: string;
  /** Keeps the Dockerfile and `.dockerignore` whatever the patterns say: the builder needs them. */
  keepBuildFiles?: boolean;
}

/**
 * What a context holds without what its ignore file leaves out, in the order Docker walks it: names sorted by their
 * bytes, a folder right before what is in it. Sockets are left out, symbolic links are not followed.
 */
export async function contextEntries({ context, dockerfile, keepBuildFiles = false }: ContextOptions): Promise<ContextEntry[]> {
  const rules = parseIgnoreRules(await ignoreText(context, dockerfile));
  const needed = keepBuildFiles ? [".dockerignore", relative(context, dockerfile).split(sep).join("/")] : [];
  const ignores = (path: string) => rules.ignores(path) && !needed.includes(path);
  // Below an ignored folder there may be an exception; without one, `node_modules` need not be walked.
  const mayHoldException = (folder: string) => !rules.prunes(folder) || needed.some((path) => path.startsWith(`${folder}/`));
  const entries: ContextEntry[] = [];

  async function walk(folder: string, prefix: string): Promise<boolean> {
    let kept = false;
    for (const name of (await readdir(folder)).sort(byBytes)) {
      const path = prefix + name;
      const absolutePath = join(folder, name);
      const stats = await lstat(absolutePath);
      const ignored = ignores(path);
      if (stats.isSocket()) continue;
      if (!stats.isDirectory()) {
        if (ignored) continue;
        entries.push({ path, absolutePath, stats });
        kept = true;
        continue;
      }
      if (ignored && !mayHoldException(path)) continue;
      const place = entries.push({ path, absolutePath, stats }) - 1;
      const keptInside = await walk(absolutePath, `${path}/`);
      if (ignored && !keptInside) entries.splice(place);
      else kept = true;
    }
    return kept;
  }

  await walk(context, "");
  return entries;
}

async function ignoreText(context: string, dockerfile: string): Promise<string> {
  for (const file of [`${dockerfile}.dockerignore`, join(context, ".dockerignore")]) {
    try {
      return await readFile(file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return "";
}

function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
