type Test = (character: string) => boolean;
/** `one` character; any number of them within a name; of any at all; or folders, each with its slash. */
type Token = { kind: "one"; test: Test } | { kind: "name" } | { kind: "all" } | { kind: "folders" };

/**
 * A pattern of an ignore file, as moby/patternmatcher understands it. It walks all ways to match at once, so that no
 * pattern takes longer than its length times the path's: ignore files of uploads are strangers' words.
 *
 * @throws Error when a class is not closed or not understood
 */
export function globMatcher(pattern: string): (path: string) => boolean {
  if (!/[*?[\\]/.test(pattern)) return (path) => path === pattern;
  // Without another wildcard, `**` at the start is whatever the path ends with, `**.pyc` too.
  const suffix = /^\*\*([^*?[\]\\]+)$/.exec(pattern)?.[1];
  if (suffix !== undefined) return (path) => path.endsWith(suffix) || `/${path}` === suffix;
  const tokens = tokensOf([...pattern]);
  return (path) => matches(tokens, path);
}

function tokensOf(pattern: string[]): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    if (character === "*" && pattern[at + 1] === "*") {
      at += pattern[at + 2] === "/" ? 2 : 1;
      tokens.push({ kind: at >= pattern.length - 1 ? "all" : "folders" });
    } else if (character === "*") tokens.push({ kind: "name" });
    else if (character === "?") tokens.push({ kind: "one", test: (each) => each !== "/" });
    else if (character === "[") {
      const end = pattern.indexOf("]", at + 1);
      if (end < 0) throw new Error("unclosed class");
      const expression = new RegExp(`^${pattern.slice(at, end + 1).join("")}$`, "su");
      tokens.push({ kind: "one", test: (each) => expression.test(each) });
      at = end;
    } else {
      if (character === "\\" && at + 1 < pattern.length) at += 1;
      const literal = pattern[at]!;
      tokens.push({ kind: "one", test: (each) => each === literal });
    }
  }
  return tokens;
}

/** Even states are before a token, the odd one after it is inside of its folders. */
function matches(tokens: readonly Token[], path: string): boolean {
  let states = reach(tokens, new Set([0]));
  for (const character of path) {
    const next = new Set<number>();
    for (const state of states) {
      const token = tokens[state >> 1];
      if (token === undefined) continue;
      if (token.kind === "one") {
        if (token.test(character)) next.add(state + 2);
      } else if (token.kind === "folders") {
        next.add(state | 1);
        if (character === "/") next.add((state | 1) + 1);
      } else if (token.kind === "all" || character !== "/") next.add(state);
    }
    if (next.size === 0) return false;
    states = reach(tokens, next);
  }
  return states.has(tokens.length * 2);
}

/** With every state that is reached without a character. */
function reach(tokens: readonly Token[], states: Set<number>): Set<number> {
  // A set is walked in the order of what is added to it, additions on the way included.
  for (const state of states) {
    const token = tokens[state >> 1];
    if (token !== undefined && token.kind !== "one" && state % 2 === 0) states.add(state + 2);
  }
  return states;
}
