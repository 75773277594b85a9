import type { Kind, SourceFile, SourceTree } from "./source-tree.ts";

/** What an archive has beside regular files and folders: recipes refuse it by name. */
export interface ListedOther {
  path: string;
  kind: "link" | "other";
}

/**
 * The tree of an archive, made of its index. Paths are relative, with `/`, without `.` and `..`: whoever reads the
 * archive has checked that, and that none is there twice.
 */
export function listedTree(files: readonly SourceFile[], others: readonly ListedOther[] = []): SourceTree {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const folders = new Map<string, Map<string, Kind>>([["", new Map()]]);
  const put = (path: string, kind: Kind): void => {
    const slash = path.lastIndexOf("/");
    const parent = path.slice(0, Math.max(slash, 0));
    const name = path.slice(slash + 1);
    if (!folders.has(parent)) {
      folders.set(parent, new Map());
      put(parent, "folder");
    }
    folders.get(parent)!.set(name, kind);
  };
  for (const { path } of files) put(path, "file");
  for (const { path, kind } of others) put(path, kind);
  return {
    entries: async (folder) => [...(folders.get(folder) ?? [])].map(([name, kind]) => ({ name, kind })),
    kindOf: async (path) => folders.get(path.slice(0, Math.max(path.lastIndexOf("/"), 0)))?.get(path.slice(path.lastIndexOf("/") + 1)),
    file: async (path) => byPath.get(path)!,
  };
}
