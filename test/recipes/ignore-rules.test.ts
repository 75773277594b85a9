import { describe, expect, test } from "@jest/globals";
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
});

test("a pattern that cannot be understood is named", () => {
  expect(() => parseIgnoreRules("ok\n[abc")).toThrow(`.dockerignore has a pattern that cannot be understood: "[abc"`);
});
