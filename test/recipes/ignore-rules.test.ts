import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseIgnoreRules } from "../../recipes/ignore-rules.ts";

const ignores = (rules: string, path: string) => parseIgnoreRules(rules).ignores(path);

describe("patterns match as Docker's do", () => {
  test.each([
    ["notes.md", "notes.md", true],
    ["notes.md", "docs/notes.md", false],
    ["**/notes.md", "docs/notes.md", true],
    ["**/notes.md", "notes.md", true],
    ["/notes.md", "notes.md", true],
    ["./notes.md", "notes.md", true],
    ["data", "data/deep/file", true],
    ["data/", "data/file", true],
    ["data", "database", false],
    ["*.log", "a.log", true],
    ["*.log", "logs/a.log", false],
    ["*/*.log", "logs/a.log", true],
    ["?.py", "a.py", true],
    ["?.py", "ab.py", false],
    ["[a-c].py", "b.py", true],
    ["[^a-c].py", "b.py", false],
    ["a/**/z", "a/z", true],
    ["a/**/z", "a/b/c/z", true],
    ["a/**", "a/b", true],
    ["a/**", "a", false],
    ["**", "anything/at/all", true],
    ["a.b", "aXb", false],
    ["\\*.py", "*.py", true],
    ["\\*.py", "a.py", false],
    ["(a|b)+$", "(a|b)+$", true],
    ["# comment\n\n  spaced.txt  ", "spaced.txt", true],
    ["# comment", "# comment", false],
    ["\uFEFFfirst", "first", true],
    // From moby/patternmatcher's own tests.
    ["**/", "file", true],
    ["**/**", "dir/file", true],
    ["dir/**", "dir/dir2/file", true],
    ["abc/**", "abc", false],
    ["**/dir", "dir/file", true],
    ["**file", "file", true],
    ["**file", "dir/file", true],
    ["**/file*txt", "dir/dir/file.txt", true],
    ["**/**/*.txt", "dir/dir/file.txt", true],
    ["**/**/*.txt2", "dir/dir/file.txt", false],
    ["a**/*.txt", "a/dir/file.txt", true],
    ["a/*.txt", "a/dir/file.txt", false],
    ["a/*.txt**", "a/file.txt", true],
    ["a[b-d]e", "ae", false],
    [".*", ".foo", true],
    [".*", "foo", false],
    ["a\\\\", "a\\", true],
    ["**/.foo", "bar.foo", false],
    ["**/.foo", "a/.foo", true],
    ["a.|)$(}+{bc", "a.|)$(}+{bc", true],
    ["dist/*.whl", "dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl", true],
    // Go's filepath.Clean comes first.
    ["a/../b", "b", true],
    ["a//b/", "a/b/c", true],
    ["..", "a", false],
    [".", "a", false],
    ["/", "a", false],
    // What a path ends with, as long as there is no other wildcard.
    ["**.pyc", "a.pyc", true],
    ["**.pyc", "a/b.pyc", true],
    ["**.py?", "a.pyc", false],
    ["a-b", "a-b", true],
  ])("%j ignores %j: %p", (rules, path, expected) => {
    expect(ignores(rules, path)).toBe(expected);
  });

  test.each([
    ["*\n!app.py", "app.py", false],
    ["*\n!app.py", "other.py", true],
    ["**\n!src", "src/deep/app.py", false],
    ["data\n!data/keep", "data/keep/file", false],
    ["data\n!data/keep\ndata/keep/not", "data/keep/not", true],
    ["!app.py\napp.py", "app.py", true],
  ])("the last match wins: %j ignores %j: %p", (rules, path, expected) => {
    expect(ignores(rules, path)).toBe(expected);
  });
});

test("a folder is pruned only when nothing below it can be taken back", () => {
  expect(parseIgnoreRules("data").prunes("data")).toBe(true);
  expect(parseIgnoreRules("data").prunes("src")).toBe(false);
  expect(parseIgnoreRules("data\n!data/keep").prunes("data")).toBe(false);
  expect(parseIgnoreRules("*\n!src").prunes("data")).toBe(true);
  expect(parseIgnoreRules("*\n!src/app").prunes("src")).toBe(false);
  expect(parseIgnoreRules("*\n!*.py").prunes("data")).toBe(true);
  expect(parseIgnoreRules("*\n!*/*.py").prunes("data")).toBe(false);
  expect(parseIgnoreRules("*\n!**.py").prunes("data")).toBe(false);
  expect(parseIgnoreRules("*\n!a/**/b").prunes("a/x")).toBe(false);
  expect(parseIgnoreRules("*\n!a/**/b").prunes("c")).toBe(true);
});

test("no pattern takes long, whatever the path", () => {
  const began = performance.now();
  for (const pattern of ["**/".repeat(40) + "x/y*", "*a".repeat(60) + "!", "a/**/".repeat(40) + "[b]"]) ignores(pattern, `${"a/".repeat(40)}${"a".repeat(200)}`);
  expect(performance.now() - began).toBeLessThan(1_000);
});

test("what is pruned holds nothing that is kept", () => {
  const part = fc.constantFrom("a", "b", "*", "**", "a*", "?");
  const pattern = fc.tuple(fc.constantFrom("", "!"), fc.array(part, { minLength: 1, maxLength: 3 })).map(([bang, parts]) => bang + parts.join("/"));
  const path = fc.array(fc.constantFrom("a", "b", "ab"), { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 4 }), path, (lines, parts) => {
      const rules = parseIgnoreRules(lines.join("\n"));
      const pruned = parts.slice(1).some((_, at) => rules.prunes(parts.slice(0, at + 1).join("/")));
      if (pruned) expect(rules.ignores(parts.join("/"))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test("a pattern that cannot be understood is named", () => {
  expect(() => parseIgnoreRules("!")).toThrow('line 1 has a pattern that cannot be understood: "!"');
  expect(() => parseIgnoreRules("ok\n[abc")).toThrow(`line 2 has a pattern that cannot be understood: "[abc"`);
});
