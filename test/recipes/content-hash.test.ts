import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { contentHash, filesHash } from "../../recipes/content-hash.ts";
import { listSource } from "../../recipes/source-listing.ts";
import type { SourceFile } from "../../recipes/source-listing.ts";
import { Folder } from "./folder.ts";

type Content = Record<string, { bytes: Uint8Array; executable: boolean }>;

const path = fc.array(fc.stringMatching(/^[a-zA-Z0-9_ .-]{1,8}$/).filter((name) => !/^\.+$/.test(name)), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const content: fc.Arbitrary<Content> = fc.dictionary(path, fc.record({ bytes: fc.uint8Array({ maxLength: 3, max: 1 }), executable: fc.boolean() }, { noNullPrototype: true }), { maxKeys: 6 });

const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const hashOf = (files: Content, order: string[] = Object.keys(files)) =>
  filesHash(
    order.map((each, at) => ({ path: each, location: `/x/${at}`, executable: files[each]!.executable, size: 0, stamp: { ino: BigInt(at), mtimeNs: 0n, ctimeNs: 0n } }) satisfies SourceFile),
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
    const [left, right] = await Promise.all([one, other].map(async ({ path: folder }) => filesHash(await listSource(folder), async (file) => sha(readFileSync(file.location)))));
    expect(left).toBe(right);
  });
});

describe("the content hash", () => {
  const base = { recipe: { id: "python-flask", version: 1, dockerfile: "FROM x" }, files: "f".repeat(64), base: "python:3", args: { A: "1", B: "2" } };

  test("is 24 hex digits, and the same for the same", () => {
    expect(contentHash(base)).toMatch(/^[0-9a-f]{24}$/);
    expect(contentHash({ ...base, args: { B: "2", A: "1" } })).toBe(contentHash(base));
  });

  test.each([
    ["the recipe", { recipe: { ...base.recipe, id: "python-fastapi" } }],
    ["its version", { recipe: { ...base.recipe, version: 2 } }],
    ["its Dockerfile", { recipe: { ...base.recipe, dockerfile: "FROM y" } }],
    ["the files", { files: "e".repeat(64) }],
    ["the base image", { base: "python:3@sha256:0" }],
    ["no base image", { base: undefined }],
    ["an argument", { args: { A: "1", B: "3" } }],
  ])("changes with %s", (_what, change) => {
    expect(contentHash({ ...base, ...change })).not.toBe(contentHash(base));
  });
});
