import dockerignore from "@balena/dockerignore";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Stats } from "node:fs";

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
  const patterns = await ignorePatterns(context, dockerfile);
  if (keepBuildFiles) patterns.push("!.dockerignore", `!${relative(context, dockerfile).split(sep).join("/")}`);
  const ignore = dockerignore.default({ ignorecase: false }).add(patterns);
  // Below an ignored folder there may be an exception; without one, `node_modules` need not be walked.
  const exceptions = patterns.map((pattern) => pattern.trim()).filter((pattern) => pattern.startsWith("!"));
  const mayHoldException = (folder: string) => exceptions.some((exception) => reachesInto(exception.slice(1), folder));
  const entries: ContextEntry[] = [];

  async function walk(folder: string, prefix: string): Promise<boolean> {
    let kept = false;
    for (const name of (await readdir(folder)).sort(byBytes)) {
      const path = prefix + name;
      const absolutePath = join(folder, name);
      const stats = await lstat(absolutePath);
      const ignored = ignore.ignores(path);
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

/** Whether the exception can name something below the folder: as far as both go, up to a `**`, they are alike. */
function reachesInto(exception: string, folder: string): boolean {
  const parts = exception.replace(/^\/+/, "").split("/");
  const folders = folder.split("/");
  const anyDepth = parts.findIndex((part) => part.includes("**"));
  if (anyDepth === -1 && parts.length <= folders.length) return false;
  const fixed = anyDepth === -1 ? parts : parts.slice(0, anyDepth);
  return folders.slice(0, fixed.length).every((name, index) => fixed[index] === name || /[*?[\\]/.test(fixed[index] as string));
}

async function ignorePatterns(context: string, dockerfile: string): Promise<string[]> {
  for (const file of [`${dockerfile}.dockerignore`, join(context, ".dockerignore")]) {
    try {
      return (await readFile(file, "utf8")).replace(/^\uFEFF/, "").split(/\r?\n/);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return [];
}

function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
