import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { FileDigest } from "../recipes/content-hash.ts";
import type { SourceFile } from "../recipes/source-tree.ts";

/** Digests of one folder's files, remembered by what `stat` says, so that unchanged files are not read. */
export interface FileDigests {
  digest: FileDigest;
  /** Writes what changed. */
  save: () => void;
}

/** `[size, inode, modification time, change time]`, as text: times are nanoseconds. */
type Stamp = [string, string, string, string];
type Remembered = Record<string, { stamp: Stamp; sha256: string }>;

/** A file that changed this recently may change again without its times telling. */
const UNSETTLED_NS = 2_000_000_000n;

/** @param file where they are kept; a missing or unreadable one is an empty one */
export function openFileDigests(file: string): FileDigests {
  const old = read(file);
  const current: Remembered = {};
  let changed = false;
  const asked = new Map<string, Promise<string>>();
  const now = BigInt(Date.now()) * 1_000_000n;

  const find = async (source: SourceFile): Promise<string> => {
    const stamp = stampOf(source);
    const known = old[source.path];
    if (known && stamp && known.stamp.join() === stamp.join()) {
      current[source.path] = known;
      return known.sha256;
    }
    const sha256 = createHash("sha256").update(await source.read()).digest("hex");
    if (stamp && now - source.stamp!.ctimeNs > UNSETTLED_NS) {
      current[source.path] = { stamp, sha256 };
      changed = true;
    }
    return sha256;
  };
  return {
    // One answer a run: whoever asks twice compares with what was hashed, not with what is there by then.
    digest: (source) => {
      const answer = asked.get(source.path) ?? find(source);
      asked.set(source.path, answer);
      return answer;
    },
    save: () => {
      if (!changed && Object.keys(old).length === Object.keys(current).length) return;
      mkdirSync(dirname(file), { recursive: true });
      const temporary = `${file}.${process.pid}`;
      writeFileSync(temporary, JSON.stringify(current));
      renameSync(temporary, file);
    },
  };
}

function stampOf({ size, stamp }: SourceFile): Stamp | undefined {
  return stamp && [String(size), String(stamp.ino), String(stamp.mtimeNs), String(stamp.ctimeNs)];
}

function read(file: string): Remembered {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Remembered;
  } catch {
    return {};
  }
}
