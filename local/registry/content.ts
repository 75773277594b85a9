import { readdir, readFile, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/** A tag or a manifest as the storage keeps it. Times are those of the storage's files: written at a push, and nowhere else. */
export interface Stored {
  name: string;
  /** Of a tag: the manifest it points at. Of a manifest: its name. */
  digest: string;
  createdAt: Date;
  updatedAt: Date;
}

/** What a storage process keeps, read from its folder: `/v2` shows no untagged manifests and no times, and deletes no tags. */
export interface Content {
  /** Names of repositories with at least one manifest, sorted. */
  repositories(): Promise<string[]>;
  /** Sorted by name; empty for an unknown repository. */
  tags(repository: string): Promise<Stored[]>;
  /** Sorted by digest; empty for an unknown repository. */
  manifests(repository: string): Promise<Stored[]>;
  /** Bytes of a manifest or a config, `undefined` when absent. Not for layers: it is held in memory whole. */
  blob(digest: string): Promise<Buffer | undefined>;
  removeTag(repository: string, tag: string): Promise<void>;
  /** Removes tags, manifests, layer links and uploads, not the repositories below it (`a/b` when `a` goes). */
  removeRepository(repository: string): Promise<void>;
}

/** Folders of distribution's storage layout, version 2. */
const REPOSITORY_PARTS = ["_manifests", "_layers", "_uploads"];

const versionFolder = (folder: string): string => join(folder, "docker", "registry", "v2");

export const repositoriesFolder = (folder: string): string => join(versionFolder(folder), "repositories");

/** @param folder the registry's `rootdirectory`; it may not exist yet */
export function openContent(folder: string): Content {
  const root = versionFolder(folder);
  const repositories = repositoriesFolder(folder);
  const manifestsFolder = (repository: string) => join(repositories, repository, "_manifests");
  const revisions = (repository: string) => join(manifestsFolder(repository), "revisions", "sha256");
  const tagsFolder = (repository: string) => join(manifestsFolder(repository), "tags");

  const manifests = async (repository: string): Promise<Stored[]> =>
    gather(await names(revisions(repository)), (name) => stored(`sha256:${name}`, join(revisions(repository), name), "link"));

  return {
    async repositories() {
      const found: string[] = [];
      for await (const each of repositoriesIn(repositories)) found.push(relative(repositories, each));
      return gather(found.sort(), async (name) => ((await manifests(name)).length > 0 ? name : undefined));
    },
    tags: async (repository) => gather(await names(tagsFolder(repository)), (name) => stored(name, join(tagsFolder(repository), name), join("current", "link"))),
    manifests,
    async blob(digest) {
      const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
      return hex === undefined ? undefined : readFile(join(root, "blobs", "sha256", hex.slice(0, 2), hex, "data")).catch(unlessMissing);
    },
    removeTag: (repository, tag) => rm(join(tagsFolder(repository), tag), { recursive: true, force: true }),
    async removeRepository(repository) {
      const own = join(repositories, repository);
      for (const part of REPOSITORY_PARTS) await rm(join(own, part), { recursive: true, force: true });
      await removeEmpty(own, repositories);
    },
  };
}

async function* repositoriesIn(folder: string): AsyncGenerator<string> {
  for (const name of await names(folder)) {
    const child = join(folder, name);
    if (name === "_manifests") yield folder;
    else if (!name.startsWith("_")) yield* repositoriesIn(child);
  }
}

/** `undefined` when it was removed while it was looked at, or its push has not got so far. */
async function stored(name: string, folder: string, link: string): Promise<Stored | undefined> {
  const [made, written, digest] = await Promise.all([
    stat(folder).catch(unlessMissing),
    stat(join(folder, link)).catch(unlessMissing),
    readFile(join(folder, link), "utf8").catch(unlessMissing),
  ]);
  if (!made || !written || !digest) return undefined;
  // A file system that keeps no birth times answers later ones.
  return { name, digest, createdAt: new Date(Math.min(made.birthtimeMs, written.mtimeMs)), updatedAt: written.mtime };
}

/** Up to the root, which stays: the garbage collector fails where there is none. */
async function removeEmpty(folder: string, root: string): Promise<void> {
  for (let each = folder; each !== root; each = dirname(each)) {
    const left = await rmdir(each).then(
      () => false,
      () => true,
    );
    if (left) return;
  }
}

const names = async (folder: string): Promise<string[]> => ((await readdir(folder).catch(unlessMissing)) ?? []).sort();

async function gather<From, To>(all: From[], read: (one: From) => Promise<To | undefined>): Promise<To[]> {
  return (await Promise.all(all.map(read))).filter((one) => one !== undefined);
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
  throw error;
}
