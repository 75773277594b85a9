import { chmodSync, lutimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { folderTree } from "../../recipes/folder-tree.ts";
import { inspectTool } from "../../recipes/inspection.ts";
import { listedTree } from "../../recipes/listed-tree.ts";
import type { SourceFile, SourceTree } from "../../recipes/source-tree.ts";
import { Folder } from "./folder.ts";

interface Content {
  text: string;
  executable: boolean;
}

/** A tool with some files more, names that sort in strange ways and ignored ones among them. */
const name = fc.oneof(fc.stringMatching(/^[a-zA-Z0-9_. é-]{1,8}$/).filter((each) => !/^\.+$/.test(each)), fc.constantFrom("node_modules", ".venv", "data", "a.b", "a-b", "A"));
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const content = fc.record({ text: fc.string({ unit: "binary", maxLength: 20 }), executable: fc.boolean() }, { noNullPrototype: true });
const tool = fc.dictionary(path, content, { maxKeys: 8, noNullPrototype: true }).map((more): Record<string, Content> => {
  const files: Record<string, Content> = { ".dockerignore": { text: "data\n!data/a*\n", executable: false }, Dockerfile: { text: "FROM scratch\n", executable: false } };
  // No file where another has a folder, on file systems without case either.
  for (const [each, file] of Object.entries(more)) {
    const folded = each.toLowerCase();
    const others = Object.keys(files).map((other) => other.toLowerCase());
    if (!others.some((other) => other === folded || other.startsWith(`${folded}/`) || folded.startsWith(`${other}/`)) && !/^(scripts|docker|tool\.ya?ml)(\/|$)|dockerignore$/i.test(each)) files[each] = file;
  }
  return files;
});

const hashOf = async (tree: SourceTree) => (await inspectTool(tree, "weather")).contentHash;

function written(files: Array<[string, Content]>, { umask, time }: { umask: number; time: number }): Folder {
  const before = process.umask(umask);
  try {
    const folder = new Folder();
    for (const [each, { text, executable }] of files) {
      const file = folder.write(each, text);
      // As the umask has it, but for the owner's right to execute.
      chmodSync(file, (0o666 & ~umask) | (executable ? 0o100 : 0));
      lutimesSync(file, time, time);
    }
    return folder;
  } finally {
    process.umask(before);
  }
}

const archived = (files: Array<[string, Content]>): SourceTree =>
  listedTree(files.map(([each, { text, executable }]): SourceFile => ({ path: each, executable, size: Buffer.byteLength(text), read: async () => Buffer.from(text) })));

describe("the content hash of a tool", () => {
  test("is the same under any time, umask, order and place, and in an archive", async () => {
    await fc.assert(
      fc.asyncProperty(tool, fc.constantFrom(0o000, 0o022, 0o077), fc.nat(2_000_000_000), fc.infiniteStream(fc.nat()), async (files, umask, time, random) => {
        const entries = Object.entries(files);
        const shuffled = entries.map((entry) => [random.next().value as number, entry] as const).sort(([left], [right]) => left - right).map(([, entry]) => entry);
        using one = written(entries, { umask: 0o022, time: 1 });
        using other = written(shuffled, { umask, time });
        const hash = await hashOf(folderTree(one.path));
        expect(await hashOf(folderTree(other.path))).toBe(hash);
        expect(await hashOf(archived(shuffled))).toBe(hash);
      }),
      { numRuns: 60 },
    );
  });

  test("changes with one byte of any file that belongs to it, with its executable bit and its name, and with nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(tool, fc.nat(), fc.nat(255), async (files, pick, byte) => {
        const entries = Object.entries(files);
        const hash = await hashOf(archived(entries));
        const [at] = entries[pick % entries.length]!;
        const ignored = /(^|\/)(node_modules|\.venv|\.dockerignore)(\/|$)|\.py[co]$|(^|\/)\.env(\.|$|\/)/.test(at) || (/^data(\/|$)/.test(at) && !/^data\/a/.test(at));
        if (at === ".dockerignore" || at === "Dockerfile") return;
        const changed = (change: (file: Content) => Partial<Content>) => archived(entries.map(([each, file]) => [each, each === at ? { ...file, ...change(file) } : file]));
        for (const tree of [changed(({ text }) => ({ text: `${text}${String.fromCharCode(byte)}` })), changed(({ executable }) => ({ executable: !executable }))]) {
          expect((await hashOf(tree)) === hash).toBe(ignored);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("is written down, so that nobody changes it unawares: every tool would be built again", async () => {
    const files: Array<[string, Content]> = [
      ["Dockerfile", { text: "FROM scratch\nCOPY . .\n", executable: false }],
      ["bin/start", { text: "#!/bin/sh\n", executable: true }],
      ["é.txt", { text: "ü", executable: false }],
    ];
    expect(await hashOf(archived(files))).toBe("c186dbea803c85ebf4e86f74");
  });

  test("of the folder's files is of their bytes as they are", async () => {
    using folder = new Folder({ Dockerfile: "FROM scratch\r\n" });
    const crlf = await hashOf(folderTree(folder.path));
    writeFileSync(join(folder.path, "Dockerfile"), "FROM scratch\n");
    expect(await hashOf(folderTree(folder.path))).not.toBe(crlf);
  });
});
