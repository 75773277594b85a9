import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Which revision of each app has answered a request before, so that it is asked once and not at every run. */
export interface VerifiedRevisions {
  has: (appId: string, revision: string) => boolean;
  add: (appId: string, revision: string) => void;
  save: () => void;
}

/** @param file where they are kept; a missing or unreadable one only means that revisions are asked again */
export function openVerifiedRevisions(file: string): VerifiedRevisions {
  const known = read(file);
  let changed = false;
  return {
    has: (appId, revision) => known[appId.toLowerCase()] === revision,
    add: (appId, revision) => {
      known[appId.toLowerCase()] = revision;
      changed = true;
    },
    save: () => {
      if (!changed) return;
      mkdirSync(dirname(file), { recursive: true });
      const temporary = `${file}.${process.pid}`;
      // Another stack's run may have added its own meanwhile.
      writeFileSync(temporary, JSON.stringify({ ...read(file), ...known }));
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
