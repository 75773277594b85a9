/** The distribution specification's grammar of a repository name; it leaves no room for `..`, `%` or empty segments. */
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const NAME_LIMIT = 255;

export const isRepository = (name: string): boolean => name.length <= NAME_LIMIT && REPOSITORY.test(name);

/** A request target's path, decoded once (Azure's clients write `flask%2Fecho`; `undefined`: not decodable), and its query as it is. */
export function split(target: string): { path: string | undefined; query: string } {
  const at = target.indexOf("?");
  const [path, query] = at < 0 ? [target, ""] : [target.slice(0, at), target.slice(at + 1)];
  try {
    return { path: decodeURIComponent(path), query };
  } catch {
    return { path: undefined, query };
  }
}
