/** A regular file that belongs to the tool. */
export interface SourceFile {
  /** Relative to the folder, with `/`. */
  path: string;
  /** Whether its owner may execute it: the only bit of the mode that git and images agree on. */
  executable: boolean;
  /** Bytes. */
  size: number;
  read: () => Promise<Uint8Array>;
  /** Tells an unchanged file from a changed one without reading it: inode, modification and change time in ns. Only files on a disk have one. */
  stamp?: { ino: bigint; mtimeNs: bigint; ctimeNs: bigint };
}

export type Kind = "file" | "folder" | "link" | "other";

/** A folder, or an archive of one: the same content in either gives the same recipe and the same hash. */
export interface SourceTree {
  /** What is right below a folder; "" is the tree itself. In any order. */
  entries: (folder: string) => Promise<Array<{ name: string; kind: Kind }>>;
  /** What a path is, without following a link anywhere on the way; undefined: nothing. */
  kindOf: (path: string) => Promise<Kind | undefined>;
  /** @param path of a regular file */
  file: (path: string) => Promise<SourceFile>;
}
