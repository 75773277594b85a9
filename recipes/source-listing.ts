import { RecipeError } from "./errors.ts";
import type { Problem } from "./errors.ts";
import type { IgnoreRules } from "./ignore-rules.ts";
import type { Kind, SourceFile, SourceTree } from "./source-tree.ts";

/** Never part of a tool, at any depth: histories, installed packages, caches, local state, and ignore files, which have done their work. */
const NEVER = new Set([
  ".git", ".hg", ".svn", ".toolwharf", ".pulumi",
  "node_modules", ".venv", "venv", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".tox", ".nox",
  ".DS_Store", "Thumbs.db", ".idea", ".vscode", ".dockerignore",
]);
/** Files with secrets, compiled code, and the ignore file of one Dockerfile. */
const NEVER_FILES = /^\.env(?!\.(example|sample|template|dist)$)(\..+)?$|\.py[co]$|\.dockerignore$/;

/** A tool with more is most likely not what was meant (a data folder, a virtual environment under another name). */
export const MAX_FILES = 10_000;
/** 500 MiB. */
export const MAX_BYTES = 500 * 1024 * 1024;

/**
 * The files of a tool in a fixed order, without what the ignore file and the built-in rules leave out. Ignored folders
 * are not entered.
 *
 * @throws RecipeError naming every symbolic link, socket, pipe or device, or the limit that is passed
 */
export async function listSource(tree: SourceTree, rules: IgnoreRules): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  const problems: Problem[] = [];
  let bytes = 0;

  const visit = async (path: string, kind: Kind): Promise<void> => {
    if (kind === "folder") return rules.prunes(path) ? undefined : walk(path);
    if (rules.ignores(path)) return;
    if (kind !== "file") {
      problems.push(notRegular(path, kind));
      return;
    }
    const file = await tree.file(path);
    bytes += file.size;
    files.push(file);
    if (files.length > MAX_FILES || bytes > MAX_BYTES) throw tooLarge();
  };
  const walk = async (parent: string): Promise<void> => {
    const kept = (await tree.entries(parent)).filter(({ name }) => !NEVER.has(name) && !NEVER_FILES.test(name));
    await Promise.all(kept.map(({ name, kind }) => visit(parent === "" ? name : `${parent}/${name}`, kind)));
  };
  await walk("");
  if (problems.length > 0) throw new RecipeError(problems.sort((left, right) => (left.message < right.message ? -1 : 1)));
  return files.sort((left, right) => (left.path < right.path ? -1 : 1));
}

export function notRegular(path: string, kind: Kind): Problem {
  const what = kind === "link" ? "a symbolic link" : "not a regular file";
  return { code: "FILE_NOT_REGULAR", message: `${JSON.stringify(path)} is ${what}: put the file itself there, or name it in .dockerignore`, value: path };
}

function tooLarge(): RecipeError {
  const allowed = `${MAX_FILES} files and ${MAX_BYTES / 1024 / 1024} MiB`;
  return new RecipeError([{ code: "FOLDER_TOO_LARGE", message: `it has more than ${MAX_FILES} files or ${MAX_BYTES / 1024 / 1024} MiB: name what is not the tool in .dockerignore`, allowed }]);
}
