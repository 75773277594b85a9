import { createHash, randomBytes } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DocumentStore } from "./document-store.ts";

const TEMPORARY = ".tmp";

/**
 * Keeps each document in a JSON file of its own, `<folder>/<first part of the key>/<last part>-<hash of the key>.json`,
 * and all of them in memory: reads never touch the disk. Files are 0600 and folders 0700, because documents hold secrets.
 * One process at a time may open a folder; the daemon's lock sees to that.
 * @throws Error naming the file, when one cannot be read: a rename is atomic, so that file was changed by something else
 */
export function openDocumentStore(folder: string): DocumentStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const documents = load(folder);
  const keys = [...documents.keys()].sort();

  return {
    get<T>(key: string): T | undefined {
      const text = documents.get(key.toLowerCase());
      return text === undefined ? undefined : (JSON.parse(text) as T);
    },

    put<T>(key: string, value: T): void {
      const lower = key.toLowerCase();
      const text = JSON.stringify(value);
      if (text === undefined) throw new TypeError(`a document must be a JSON value: ${key}`);
      if (documents.get(lower) === text) return;
      write(folder, lower, text);
      if (!documents.has(lower)) keys.splice(position(keys, lower), 0, lower);
      documents.set(lower, text);
    },

    delete(key: string): void {
      const lower = key.toLowerCase();
      if (!documents.delete(lower)) return;
      keys.splice(position(keys, lower), 1);
      const { group, file } = place(folder, lower);
      rmSync(file, { force: true });
      syncFolder(group);
    },

    list<T>(prefix: string): Array<{ key: string; value: T }> {
      const lower = prefix.toLowerCase();
      const found: Array<{ key: string; value: T }> = [];
      for (let at = position(keys, lower); keys[at]?.startsWith(lower); at += 1) {
        const key = keys[at]!;
        found.push({ key, value: JSON.parse(documents.get(key)!) as T });
      }
      return found;
    },
  };
}

function load(folder: string): Map<string, string> {
  const documents = new Map<string, string>();
  for (const group of readdirSync(folder, { withFileTypes: true })) {
    if (!group.isDirectory()) continue;
    for (const name of readdirSync(join(folder, group.name))) {
      const file = join(folder, group.name, name);
      if (name.endsWith(TEMPORARY)) {
        rmSync(file, { force: true });
        continue;
      }
      const { key, value } = read(file);
      documents.set(key, JSON.stringify(value));
    }
  }
  return documents;
}

function read(file: string): { key: string; value: unknown } {
  try {
    const parsed = JSON.parse(readFileSync(file, "utf8")) as { key?: unknown; value?: unknown };
    if (typeof parsed.key === "string") return { key: parsed.key, value: parsed.value };
  } catch (error) {
    throw new Error(`the miniature's document ${file} cannot be read (${(error as Error).message}). ${REMEDY}`);
  }
  throw new Error(`the miniature's document ${file} has no key. ${REMEDY}`);
}

const REMEDY = "Restore the file, or start afresh: toolwharf local down";

function write(folder: string, key: string, text: string): void {
  const { group, file } = place(folder, key);
  if (mkdirSync(group, { recursive: true, mode: 0o700 })) syncFolder(folder);
  const temporary = `${file}.${randomBytes(4).toString("hex")}${TEMPORARY}`;
  const descriptor = openSync(temporary, "wx", 0o600);
  try {
    writeFileSync(descriptor, `{"key":${JSON.stringify(key)},"value":${text}}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
  syncFolder(group);
}

/** A rename or removal is on the disk only when its folder is. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Keys are longer than file names may be and hold any character, so the hash names the file and the rest is for people. */
function place(folder: string, key: string): { group: string; file: string } {
  const readable = (part: string) => part.replace(/[^a-z0-9-]/g, "_").slice(0, 60);
  const parts = key.split("/");
  const group = join(folder, readable(parts[0] ?? ""));
  const hash = createHash("sha256").update(key).digest("hex").slice(0, 32);
  return { group, file: join(group, `${readable(parts.at(-1) ?? "")}-${hash}.json`) };
}

/** Where `key` is, or would go, in the sorted keys. */
function position(keys: string[], key: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
