import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Which revision of each app has answered a request before, so that it is asked once and not at every run. */
export interface VerifiedRevisions {
  has: (appId: string, revision: string) => boolean;
  add: (appId: string, revision: string) => void;
  save: () => void;
}

/** Nobody tells here that an app is gone, so the ones whose revisions are oldest make room. */
const MOST_KEPT = 5_000;

/** @param file where they are kept; a missing or unreadable one only means that revisions are asked again */
export function openVerifiedRevisions(file: string): VerifiedRevisions {
  const known = read(file);
  const added: Record<string, string> = {};
  return {
    has: (appId, revision) => (added[appId.toLowerCase()] ?? known[appId.toLowerCase()]) === revision,
    add: (appId, revision) => void (added[appId.toLowerCase()] = revision),
    save: () => {
      if (Object.keys(added).length === 0) return;
      mkdirSync(dirname(file), { recursive: true });
      const temporary = `${file}.${process.pid}`;
      // Another stack's run may have added its own meanwhile.
      const others = Object.entries(read(file)).filter(([appId]) => !Object.hasOwn(added, appId));
      writeFileSync(temporary, JSON.stringify(Object.fromEntries([...others, ...Object.entries(added)].slice(-MOST_KEPT))));
      renameSync(temporary, file);
    },
  };
}

function read(file: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  } catch {
    return {};
  }
}
