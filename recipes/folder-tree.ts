import type { Dirent, Stats } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { RecipeError } from "./errors.ts";
import type { Kind, SourceTree } from "./source-tree.ts";

/**
 * A folder on this machine. It is only read.
 *
 * @throws RecipeError `FOLDER_UNREADABLE` from `entries("")`
 */
export function folderTree(folder: string): SourceTree {
  return {
    entries: async (path) => {
      const found = await readdir(join(folder, path), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
        if (path !== "") throw error;
        throw new RecipeError([{ code: "FOLDER_UNREADABLE", message: `${JSON.stringify(folder)} ${reasonOf(error)}; needed: a folder`, value: folder }]);
      });
      return found.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
    },
    kindOf: async (path) => {
      const parts = path.split("/");
      for (let at = 1; at < parts.length; at++) {
        const parent = await find(join(folder, ...parts.slice(0, at)));
        if (parent !== "folder") return undefined;
      }
      return await find(join(folder, path));
    },
    file: async (path) => {
      const location = join(folder, path);
      const { mode, size, ino, mtimeNs, ctimeNs } = await lstat(location, { bigint: true });
      return { path, executable: (mode & 0o100n) !== 0n, size: Number(size), read: () => readFile(location), stamp: { ino, mtimeNs, ctimeNs } };
    },
  };
}

async function find(location: string): Promise<Kind | undefined> {
  try {
    return kindOf(await lstat(location));
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

function kindOf(entry: Dirent | Stats): Kind {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  return entry.isSymbolicLink() ? "link" : "other";
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return "is not there";
  return code === "ENOTDIR" ? "is not a folder" : `cannot be read: ${message}`;
}
