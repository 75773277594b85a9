/** Allowed names of tools and groups, in words, for messages. */
export const TOOL_NAME_RULE = "2 to 32 lower-case letters, digits and single hyphens, starting with a letter, ending with a letter or digit";
const TOOL_NAME = /^[a-z](?:[a-z0-9]|-(?!-)){0,30}[a-z0-9]$/;
/** The same for JSON Schema. */
export const TOOL_NAME_PATTERN = TOOL_NAME.source;

/** The group of a tool whose manifest names none. */
export const DEFAULT_GROUP = "tools";

/** Whether a folder's name may be a tool's: the rule of Azure for container apps, so that the app can have the same name. */
export function isToolName(name: string): boolean {
  return TOOL_NAME.test(name);
}

/** The known name that was most likely meant: at most a third of it has to be changed, case counts for nothing. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const ranked = known.map((each) => ({ each, distance: distanceOf(name.toLowerCase(), each.toLowerCase()) })).sort((left, right) => left.distance - right.distance);
  const [best] = ranked;
  return best && best.distance <= Math.max(1, Math.floor(best.each.length / 3)) ? best.each : undefined;
}

/** Levenshtein's: letters to insert, delete or replace. */
function distanceOf(left: string, right: string): number {
  // A long name is none of ours, and must not cost the product of two lengths.
  if (Math.abs(left.length - right.length) > 16) return Infinity;
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let at = 1; at <= left.length; at++) {
    const next = [at];
    for (let to = 1; to <= right.length; to++) {
      const replaced = row[to - 1]! + (left[at - 1] === right[to - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[to]! + 1, next[to - 1]! + 1));
    }
    row = next;
  }
  return row[right.length]!;
}

/** The name of a tool whose folder has another kind of name: `My_Tool` is `my-tool`. Undefined: nothing of it can be used. */
export function toolNameOf(folderName: string): string | undefined {
  const name = folderName.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+/, "").slice(0, 32).replace(/-$/, "");
  return isToolName(name) ? name : undefined;
}
