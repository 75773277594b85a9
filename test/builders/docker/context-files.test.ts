import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { contextEntries } from "../../../builders/docker/context-files.ts";

let context: string;
beforeEach(() => void (context = mkdtempSync(join(tmpdir(), "toolwharf-entries-"))));
afterEach(() => rmSync(context, { recursive: true, force: true }));

function write(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(context, path)), { recursive: true });
    writeFileSync(join(context, path), "");
  }
}

async function paths(ignore: string, options: { keepBuildFiles?: boolean; file?: string } = {}): Promise<string[]> {
  writeFileSync(join(context, options.file ?? ".dockerignore"), ignore);
  const entries = await contextEntries({ context, dockerfile: join(context, "Dockerfile"), ...options });
  return entries.map(({ path }) => path);
}

test("names are sorted by bytes, and a folder is right before what it holds", async () => {
  write("b/x", "a.txt", "a/z", "B");
  expect(await paths("")).toEqual([".dockerignore", "B", "a", "a/z", "a.txt", "b", "b/x"]);
});

test.each([
  ["a folder", "node_modules\n", ["src/a.js"]],
  ["a folder at any depth", "**/node_modules\n", ["src/a.js"]],
  ["a pattern", "*.log\n", ["node_modules/x/y.js", "src/a.js", "src/node_modules/z.js"]],
  ["an exception below a folder", "node_modules\n!node_modules/x\n", ["node_modules/x/y.js", "src/a.js", "src/node_modules/z.js"]],
  ["an exception with a wildcard", "*\n!**/*.js\n", ["node_modules/x/y.js", "src/a.js", "src/node_modules/z.js"]],
  ["comments, blanks and a leading slash", "# nothing\n\n  /src  \n", ["node_modules/x/y.js", "top.log"]],
])("ignores %s", async (_name, ignore, expected) => {
  write("node_modules/x/y.js", "src/a.js", "src/node_modules/z.js", "top.log");
  const kept = (await paths(ignore)).filter((path) => /\.(js|log)$/.test(path));
  expect(kept).toEqual(expect.arrayContaining(expected));
  if (ignore.startsWith("**")) expect(kept).not.toContain("src/node_modules/z.js");
  if (ignore.startsWith("*.log")) expect(kept).not.toContain("top.log");
  expect(kept.some((path) => path.startsWith("node_modules/"))).toBe(expected.some((path) => path.startsWith("node_modules/")));
});

test.each([
  ["!**/keep/me.js", true],
  ["!a/**/me.js", true],
  ["!a/*/keep/me.js", true],
  ["!a/b/keep", true],
  ["!b/**/me.js", false],
  ["!a/b/keep/me.js/deeper", false],
])("the exception %s reaches into an ignored folder: %s", async (exception, reaches) => {
  write("a/b/keep/me.js");
  expect((await paths(`a\n${exception}\n`)).includes("a/b/keep/me.js")).toBe(reaches);
});

test("a folder that holds nothing is kept, one that is ignored with all it holds is not", async () => {
  mkdirSync(join(context, "empty"));
  write("gone/a");
  expect(await paths("gone\n!other\n")).toEqual([".dockerignore", "empty"]);
});

test("the builder's own files are kept for it, whatever is ignored", async () => {
  write("Dockerfile", "a.txt");
  expect(await paths("*\n")).toEqual([]);
  expect(await paths("*\n", { keepBuildFiles: true })).toEqual([".dockerignore", "Dockerfile"]);
});

test("an ignore file of the Dockerfile's own goes first", async () => {
  write("Dockerfile", "a.txt", "b.txt");
  writeFileSync(join(context, ".dockerignore"), "a.txt\n");
  expect(await paths("b.txt\n", { file: "Dockerfile.dockerignore" })).toEqual([".dockerignore", "Dockerfile", "Dockerfile.dockerignore", "a.txt"]);
});
