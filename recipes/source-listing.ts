import type { Dirent } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseIgnoreRules } from "./ignore-rules.ts";
import type { IgnoreRules } from "./ignore-rules.ts";
import { RecipeError } from "./recipe.ts";

/** A regular file that belongs to the tool. */
export interface SourceFile {
  /** Relative to the folder, with `/`. */
  path: string;
  /** Where to read it. */
  location: string;
  /** Whether its owner may execute it: the only bit of the mode that git and images agree on. */
  executable: boolean;
  /** Bytes. */
  size: number;
  /** Tells an unchanged file from a changed one without reading it: inode, modification and change time in ns. */
  stamp: { ino: bigint; mtimeNs: bigint; ctimeNs: bigint };
}

/** Never part of a tool, at any depth: histories, installed packages, caches, local state, and ignore files, which have done their work. */
const NEVER = new Set([
  ".git", ".hg", ".svn", ".toolwharf", ".pulumi",
  "node_modules", ".venv", "venv", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".tox", ".nox",
  ".DS_Store", "Thumbs.db", ".idea", ".vscode", ".dockerignore", "Dockerfile.dockerignore",
]);
/** Files with secrets, and compiled code. */
const NEVER_FILES = /^\.env(\..+)?$|\.py[co]$/;

/** A tool with more is most likely not what was meant (a data folder, a virtual environment under another name). */
export const MAX_FILES = 10_000;
/** 500 MiB. */
export const MAX_BYTES = 500 * 1024 * 1024;

/**
 * The files of a folder in a fixed order, without what `.dockerignore` (or `Dockerfile.dockerignore`) and the built-in
 * rules leave out. Ignored folders are not entered. The folder is only read.
 *
 * @throws RecipeError naming every symbolic link, socket, pipe or device, or the limit that is passed
 */
export async function listSource(folder: string): Promise<SourceFile[]> {
  const rules = await readRules(folder);
  const files: SourceFile[] = [];
  const problems: string[] = [];
  let bytes = 0;

  const visit = async (path: string, entry: Dirent): Promise<void> => {
    if (entry.isDirectory()) return rules.prunes(path) ? undefined : walk(path);
    if (rules.ignores(path)) return;
    if (!entry.isFile()) {
      problems.push(`${JSON.stringify(path)} is ${entry.isSymbolicLink() ? "a symbolic link" : "not a regular file"}: put the file itself there, or name it in .dockerignore`);
      return;
    }
    const location = join(folder, path);
    const { mode, size, ino, mtimeNs, ctimeNs } = await lstat(location, { bigint: true });
    bytes += Number(size);
    files.push({ path, location, executable: (mode & 0o100n) !== 0n, size: Number(size), stamp: { ino, mtimeNs, ctimeNs } });
    if (files.length > MAX_FILES || bytes > MAX_BYTES) throw tooLarge();
  };
  const walk = async (parent: string): Promise<void> => {
    const entries = await readdir(join(folder, parent), { withFileTypes: true });
    const kept = entries.filter(({ name }) => !NEVER.has(name) && !NEVER_FILES.test(name));
    await Promise.all(kept.map((entry) => visit(parent === "" ? entry.name : `${parent}/${entry.name}`, entry)));
  };
  await walk("");
  if (problems.length > 0) throw new RecipeError(problems.sort());
  return files.sort((left, right) => (left.path < right.path ? -1 : 1));
}

function tooLarge(): RecipeError {
  return new RecipeError([`it has more than ${MAX_FILES} files or ${MAX_BYTES / 1024 / 1024} MiB: name what is not the tool in .dockerignore`]);
}

async function readRules(folder: string): Promise<IgnoreRules> {
  for (const name of ["Dockerfile.dockerignore", ".dockerignore"]) {
    const text = await readFile(join(folder, name), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (text === undefined) continue;
    try {
      return parseIgnoreRules(text);
    } catch (error) {
      throw new RecipeError([(error as Error).message]);
    }
  }
  return parseIgnoreRules("");
}
