import { posix } from "node:path";
import { globMatcher } from "./glob.ts";

/**
 * `.dockerignore` as Docker reads it (moby/patternmatcher and its ignorefile): patterns are relative to the folder, the
 * last match wins, a match of a folder counts for all below it, `!` takes a match back even there. gitignore libraries
 * differ in all of that.
 */
export interface IgnoreRules {
  ignores: (path: string) => boolean;
  /** Whether nothing below this ignored folder can be taken back, so that it need not be walked. */
  prunes: (folder: string) => boolean;
}

type Matcher = (path: string) => boolean;
interface Pattern {
  matches: Matcher;
  negated: boolean;
  /** Its parts up to the first that can stand for several folders; undefined at the end: it goes on to any depth. */
  parts: ReadonlyArray<Matcher | undefined>;
}

/**
 * @param text of the ignore file
 * @throws Error naming the line and the pattern that cannot be understood
 */
export function parseIgnoreRules(text: string): IgnoreRules {
  const patterns = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .flatMap(parseLine);
  const negations = patterns.filter((pattern) => pattern.negated);

  const ignores = (path: string): boolean => {
    const all = [path, ...parentsOf(path)];
    return patterns.findLast(({ matches }) => all.some(matches))?.negated === false;
  };
  return { ignores, prunes: (folder) => ignores(folder) && !negations.some((negation) => reachesInto(negation, folder)) };
}

function parseLine(line: string, at: number): Pattern[] {
  if (line.startsWith("#")) return [];
  let text = line.trim();
  const negated = text.startsWith("!");
  if (negated) text = text.slice(1).trim();
  if (text === "" && !negated) return [];
  const cleaned = posix.normalize(text === "" ? "!" : text).replace(/^\/|(?<=.)\/$/g, "");
  if (cleaned === "" || cleaned === ".") return [];
  try {
    if (text === "") throw new Error("nothing is taken back");
    return [{ matches: globMatcher(cleaned), negated, parts: partsOf(cleaned) }];
  } catch {
    throw new Error(`line ${at + 1} has a pattern that cannot be understood: ${JSON.stringify(line)}`);
  }
}

/** Whether a pattern can match something below the folder: as far as both go they are alike, and it goes further. */
function reachesInto({ parts }: Pattern, folder: string): boolean {
  const folders = folder.split("/");
  const alike = folders.every((name, depth) => depth >= parts.length || parts[depth] === undefined || parts[depth]!(name));
  return alike && (parts.at(-1) === undefined || parts.length > folders.length);
}

function partsOf(pattern: string): Array<Matcher | undefined> {
  // A class may hold a slash.
  if (pattern.includes("[")) return [undefined];
  const parts = pattern.split("/");
  const deep = parts.findIndex((part) => part.includes("**"));
  if (deep < 0) return parts.map(globMatcher);
  return [...parts.slice(0, deep).map(globMatcher), undefined];
}

function parentsOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}
