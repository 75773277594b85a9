import { expect, test } from "@jest/globals";
import { followRoute, type HttpRoute } from "../../../local/http-routes/matching.ts";

const rewritten = (match: HttpRoute["match"], prefixRewrite?: string): HttpRoute => ({ match, ...(prefixRewrite !== undefined && { action: { prefixRewrite } }) });

test.each<[string, HttpRoute, string, string | undefined]>([
  ["a prefix", rewritten({ prefix: "/a" }), "/a/b?c=d", "/a/b?c=d"],
  ["a prefix in the middle of a name", rewritten({ prefix: "/a" }), "/ab", "/ab"],
  ["a prefix that is not one", rewritten({ prefix: "/a" }), "/b/a", undefined],
  ["a prefix in the query", rewritten({ prefix: "/a/b" }), "/a?/a/b", undefined],
  ["a path", rewritten({ path: "/a" }), "/a?b=c", "/a?b=c"],
  ["a path with more below it", rewritten({ path: "/a" }), "/a/", undefined],
  ["a separated prefix itself", rewritten({ pathSeparatedPrefix: "/a" }), "/a?b", "/a?b"],
  ["a separated prefix with a path below it", rewritten({ pathSeparatedPrefix: "/a" }), "/a/b", "/a/b"],
  ["a separated prefix in the middle of a name", rewritten({ pathSeparatedPrefix: "/a" }), "/ab", undefined],
  ["another case", rewritten({ path: "/a" }), "/A", undefined],
  ["another case where that means nothing", rewritten({ path: "/aB", caseSensitive: false }), "/Ab", "/Ab"],
  ["another case of a prefix, the rest as it is", rewritten({ prefix: "/aB/", caseSensitive: false }, "/"), "/Ab/Cd", "/Cd"],
  ["a rewritten prefix", rewritten({ prefix: "/a/" }, "/"), "/a/b?c=d", "/b?c=d"],
  ["a rewritten prefix without its slash, which stays double", rewritten({ prefix: "/a" }, "/"), "/a/b", "//b"],
  ["a rewritten separated prefix, likewise", rewritten({ pathSeparatedPrefix: "/a" }, "/"), "/a/b", "//b"],
  ["a rewritten separated prefix into another", rewritten({ pathSeparatedPrefix: "/a" }, "/v1"), "/a/b", "/v1/b"],
  ["a rewritten path, which is replaced whole", rewritten({ path: "/a/b" }, "/"), "/a/b?c", "/?c"],
  ["a rewrite of what does not match", rewritten({ path: "/a" }, "/"), "/b", undefined],
  ["an encoded path, letter for letter", rewritten({ prefix: "/a/" }, "/"), "/a/%2Fb%20c", "/%2Fb%20c"],
])("%s", (_what, route, url, asked) => {
  expect(followRoute(route, url)).toBe(asked);
});
