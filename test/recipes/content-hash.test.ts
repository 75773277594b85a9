import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { contentHash, filesHash } from "../../recipes/content-hash.ts";
import { folderTree } from "../../recipes/folder-tree.ts";
import { readSource } from "../../recipes/source.ts";
import type { Recipe } from "../../recipes/recipe.ts";
import type { SourceFile } from "../../recipes/source-tree.ts";
import { Folder } from "./folder.ts";

type Content = Record<string, { bytes: Uint8Array; executable: boolean }>;

const path = fc.array(fc.stringMatching(/^[a-zA-Z0-9_ .-]{1,8}$/).filter((name) => !/^\.+$/.test(name)), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const content: fc.Arbitrary<Content> = fc.dictionary(path, fc.record({ bytes: fc.uint8Array({ maxLength: 3, max: 1 }), executable: fc.boolean() }, { noNullPrototype: true }), { maxKeys: 6 });

const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const hashOf = (files: Content, order: string[] = Object.keys(files)) =>
  filesHash(
    order.map((each, at) => ({ path: each, executable: files[each]!.executable, size: 0, read: async () => files[each]!.bytes, stamp: { ino: BigInt(at), mtimeNs: 0n, ctimeNs: 0n } }) satisfies SourceFile),
    async (file) => sha(files[file.path]!.bytes),
  );

describe("the hash of files", () => {
  test("is the same in any order", async () => {
    await fc.assert(
      fc.asyncProperty(content, fc.infiniteStream(fc.nat()), async (files, random) => {
        const order = Object.keys(files).sort(() => (random.next().value % 2 === 0 ? 1 : -1));
        expect(await hashOf(files, order)).toBe(await hashOf(files));
      }),
    );
  });

  test("is another one for any other content", async () => {
    await fc.assert(
      fc.asyncProperty(content, content, async (one, other) => {
        const same = isDeepStrictEqual(new Map(Object.entries(one)), new Map(Object.entries(other)));
        expect((await hashOf(one)) === (await hashOf(other))).toBe(same);
      }),
    );
  });

  test("tells apart where a name ends and a byte begins, a moved byte, a renamed file and the executable bit", async () => {
    const file = (text: string, executable = false) => ({ bytes: Buffer.from(text), executable });
    const hashes = await Promise.all(
      [{ ab: file("c") }, { a: file("bc") }, { a: file("b"), c: file("") }, { a: file(""), c: file("b") }, { a: file("b", true), c: file("") }, {}].map((files) => hashOf(files as unknown as Content)),
    );
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test("does not depend on umask, times or the place of the folder", async () => {
    const write = (mask: number) => {
      const before = process.umask(mask);
      try {
        const folder = new Folder();
        folder.write("app.py", "print()");
        folder.write("bin/start", "#!/bin/sh", 0o700);
        return folder;
      } finally {
        process.umask(before);
      }
    };
    using one = write(0o022);
    using other = write(0o077);
    const [left, right] = await Promise.all([one, other].map(async ({ path: folder }) => filesHash((await readSource(folderTree(folder))).files, async (file) => sha(await file.read()))));
    expect(left).toBe(right);
  });
});

describe("the content hash", () => {
  const own = { path: "Dockerfile", outside: false, text: "FROM x" };
  const build: Recipe["build"] = { files: {}, context: ".", args: { A: "1", B: "2" }, platform: "linux/amd64" };
  const recipe = { runtime: "python-flask" as const, version: 1, dockerfile: "FROM x", build };
  const files = "f".repeat(64);
  const hash = contentHash(recipe, files);

  test("is 24 hex digits, and the same for the same", () => {
    expect(hash).toMatch(/^[0-9a-f]{24}$/);
    expect(contentHash({ ...recipe, build: { ...build, args: { B: "2", A: "1" } } }, files)).toBe(hash);
  });

  test.each<[string, Partial<typeof recipe>]>([
    ["the runtime", { runtime: "python-fastapi" as never }],
    ["the recipe's version", { version: 2 }],
    ["its Dockerfile", { dockerfile: "FROM y" }],
    ["an argument", { build: { ...build, args: { A: "1", B: "3" } } }],
    ["an argument left out", { build: { ...build, args: { A: "1" } } }],
    ["a file beside the Dockerfile", { build: { ...build, files: { "serve.py": "x" } } }],
    ["the target", { build: { ...build, target: "final" } }],
    ["the context", { build: { ...build, context: "src" } }],
    ["the platform", { build: { ...build, platform: "linux/arm64" } }],
    ["the place of an own Dockerfile", { build: { ...build, own } }],
  ])("changes with %s", (_what, change) => {
    expect(contentHash({ ...recipe, ...change }, files)).not.toBe(hash);
  });

  test("changes with the files", () => {
    expect(contentHash(recipe, "e".repeat(64))).not.toBe(hash);
  });
});
