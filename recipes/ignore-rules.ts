/**
 * `.dockerignore` as Docker reads it (moby's patternmatcher): patterns are relative to the folder, the last match wins,
 * `!` takes a match back even below an ignored folder. gitignore libraries differ in all three, and `@balena/dockerignore`
 * takes `+`, `(` and `|` in a name for its own regular expression's.
 */
export interface IgnoreRules {
  ignores: (path: string) => boolean;
  /** Whether nothing below this ignored folder can be taken back, so that it need not be walked. */
  prunes: (folder: string) => boolean;
}

interface Pattern {
  matcher: RegExp;
  negated: boolean;
}

/**
 * @param text of the ignore file
 * @throws Error naming the pattern that cannot be understood
 */
export function parseIgnoreRules(text: string): IgnoreRules {
  const patterns = text.replace(/^\uFEFF/, "").split(/\r?\n/).flatMap(parseLine);
  const negations = patterns.some((pattern) => pattern.negated);

  const ignores = (path: string): boolean => {
    const parents = parentsOf(path);
    let ignored = false;
    for (const { matcher, negated } of patterns) {
      if (matcher.test(path) || parents.some((parent) => matcher.test(parent))) ignored = !negated;
    }
    return ignored;
  };
  return { ignores, prunes: (folder) => !negations && ignores(folder) };
}

function parseLine(line: string): Pattern[] {
  if (line.startsWith("#")) return [];
  let text = line.trim();
  const negated = text.startsWith("!");
  if (negated) text = text.slice(1).trim();
  const cleaned = text
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
  if (cleaned === "") return [];
  try {
    return [{ matcher: matcherOf(cleaned), negated }];
  } catch {
    throw new Error(`.dockerignore has a pattern that cannot be understood: ${JSON.stringify(line)}`);
  }
}

function matcherOf(pattern: string): RegExp {
  let expression = "";
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    if (pattern.startsWith("**", at)) {
      at += pattern[at + 2] === "/" ? 2 : 1;
      expression += at === pattern.length - 1 ? ".*" : "(?:.*/)?";
    } else if (character === "*") expression += "[^/]*";
    else if (character === "?") expression += "[^/]";
    else if (character === "[") {
      const end = pattern.indexOf("]", at + 1);
      if (end < 0) throw new Error("unclosed class");
      expression += pattern.slice(at, end + 1);
      at = end;
    } else if (character === "\\") {
      at += 1;
      expression += literal(pattern[at] ?? "\\");
    } else expression += literal(character);
  }
  return new RegExp(`^${expression}$`, "su");
}

const literal = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|]/, "\\$&");

function parentsOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}
