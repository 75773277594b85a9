/** A route of a rule as ARM stores it: `match` has exactly one way to match. */
export interface HttpRoute {
  match: { prefix?: string; path?: string; pathSeparatedPrefix?: string; caseSensitive?: boolean };
  action?: { prefixRewrite?: string };
}

/**
 * What a replica is asked for when a request matches the route, as Envoy makes it: the part that matched is replaced, letter for
 * letter, so that a prefix `/a` rewritten to `/` makes `//b` of `/a/b`. Without a rewrite it is the URL itself.
 *
 * @param url path and query
 * @returns undefined when the route does not match
 */
export function followRoute({ match, action }: HttpRoute, url: string): string | undefined {
  const path = url.replace(/[?#].*$/s, "");
  const length = matchedLength(match, path);
  if (length === undefined) return undefined;
  return action?.prefixRewrite === undefined ? url : action.prefixRewrite + url.slice(length);
}

function matchedLength({ prefix, path: whole, pathSeparatedPrefix, caseSensitive = true }: HttpRoute["match"], path: string): number | undefined {
  const plain = (text: string) => (caseSensitive ? text : text.toLowerCase());
  const begins = (start: string) => plain(path).startsWith(plain(start));
  if (whole !== undefined) return plain(path) === plain(whole) ? path.length : undefined;
  if (prefix !== undefined) return begins(prefix) ? prefix.length : undefined;
  if (pathSeparatedPrefix === undefined || !begins(pathSeparatedPrefix)) return undefined;
  return [undefined, "/"].includes(path[pathSeparatedPrefix.length]) ? pathSeparatedPrefix.length : undefined;
}
