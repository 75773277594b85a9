import { basename, relative, sep } from "node:path";
import { readFile } from "node:fs/promises";
import tar from "tar-fs";
import { contextEntries } from "./context-files.ts";
import type { Readable } from "node:stream";
import type { Pack } from "tar-stream";

export interface ContextArchive {
  stream: Readable;
  /** Where the Dockerfile is in the archive. */
  dockerfile: string;
}

/**
 * A context as a tar stream. Owner is root and modes are 0644 or 0755, whoever owns the files here: the same content
 * gives the same layers on every machine. A Dockerfile outside of the context is added under a name of its own.
 */
export async function contextArchive(context: string, dockerfile: string): Promise<ContextArchive> {
  const inside = relative(context, dockerfile).split(sep).join("/");
  const isOutside = inside.startsWith("../");
  const entries = await contextEntries({ context, dockerfile, keepBuildFiles: !isOutside });
  const included = new Set(entries.map(({ absolutePath }) => absolutePath));
  const added = isOutside ? { name: `.${basename(dockerfile)}.outside-of-context`, content: await readFile(dockerfile) } : undefined;
  const stream = tar.pack(context, {
    ignore: (path) => !included.has(path),
    map: (header) => ({ ...header, uid: 0, gid: 0, uname: "", gname: "", mode: archivedMode(header) }),
    ...(added !== undefined && {
      finalize: false,
      finish: (pack: Pack) => {
        pack.entry({ name: added.name, mode: 0o644 }, added.content);
        pack.finalize();
      },
    }),
  });
  return { stream: stream as unknown as Readable, dockerfile: added?.name ?? inside };
}

function archivedMode(header: { type?: string | null; mode?: number }): number {
  if (header.type === "directory") return 0o755;
  return ((header.mode ?? 0) & 0o111) === 0 ? 0o644 : 0o755;
}
