import { createHash } from "node:crypto";
import type { Recipe } from "./recipe.ts";
import type { SourceFile } from "./source-tree.ts";

/** Files read at once: more gain nothing, and a process may have only so many open. */
const AT_ONCE = 32;

/** SHA-256 of a file's bytes, hex. */
export type FileDigest = (file: SourceFile) => Promise<string>;

/**
 * What is in the files: paths, executable bits and bytes, nothing of umask, times, owners or the order of the folder.
 *
 * @returns SHA-256, hex
 */
export async function filesHash(files: readonly SourceFile[], digest: FileDigest): Promise<string> {
  const ordered = [...files].sort((left, right) => (left.path < right.path ? -1 : 1));
  const digests: string[] = [];
  for (let at = 0; at < ordered.length; at += AT_ONCE) digests.push(...(await Promise.all(ordered.slice(at, at + AT_ONCE).map(digest))));
  const hash = createHash("sha256");
  // JSON keeps two lists apart that differ only in where a name ends.
  for (const [at, { path, executable }] of ordered.entries()) hash.update(`${JSON.stringify([path, executable, digests[at]])}\n`);
  return hash.digest("hex");
}

/**
 * Everything that decides what an image contains: same hash, same tag, no build. The first 24 hex digits of a SHA-256.
 * Port, health path and command are the container app's, and no part of it.
 *
 * @param files from `filesHash`
 */
export function contentHash({ runtime, version, dockerfile, build }: Pick<Recipe, "runtime" | "version" | "dockerfile" | "build">, files: string): string {
  const { own, files: beside, context, target = null, args, platform } = build;
  const ordered = (values: Record<string, string>) => Object.entries(values).sort(([left], [right]) => (left < right ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([runtime, version, dockerfile, own?.path ?? null, context, target, ordered(args), ordered(beside), platform, files]))
    .digest("hex")
    .slice(0, 24);
}
