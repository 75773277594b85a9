import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { RecipeError } from "../../recipes/errors.ts";
import { folderTree } from "../../recipes/folder-tree.ts";
import { parseIgnoreRules } from "../../recipes/ignore-rules.ts";
import { listedTree } from "../../recipes/listed-tree.ts";
import { listSource as walk, MAX_FILES } from "../../recipes/source-listing.ts";
import type { SourceTree } from "../../recipes/source-tree.ts";
import { readSource } from "../../recipes/source.ts";
import { Folder } from "./folder.ts";

const listSource = async (folder: string) => (await readSource(folderTree(folder))).files;
const paths = async (folder: Folder) => (await listSource(folder.path)).map(({ path }) => path);

describe("the files of a tool", () => {
  test("are listed in a fixed order, with the owner's executable bit and their size", async () => {
    using folder = new Folder({ "b.py": "22", "a/z.py": "1", "a.py": "" });
    chmodSync(join(folder.path, "b.py"), 0o755);
    const files = await listSource(folder.path);
    expect(files.map(({ path, executable, size }) => [path, executable, size])).toEqual([
      ["a.py", false, 0],
      ["a/z.py", false, 1],
      ["b.py", true, 2],
    ]);
  });

  test("do not include histories, installed packages, caches, secrets and the ignore file itself, at any depth", async () => {
    using folder = new Folder({ "app.py": "", ".env": "", ".env.local": "", ".env.example": "", ".env.example.local": "", "a.pyc": "", ".dockerignore": "", "sub/.DS_Store": "", ".envrc": "" });
    for (const name of [".git", "node_modules", ".venv", "__pycache__", ".toolwharf"]) {
      folder.write(`${name}/file`, "");
      folder.write(`sub/${name}/file`, "");
    }
    expect(await paths(folder)).toEqual([".env.example", ".envrc", "app.py"]);
  });

  test("follow .dockerignore, and Dockerfile.dockerignore before it", async () => {
    using folder = new Folder({ "app.py": "", "notes.md": "", ".dockerignore": "notes.md" });
    expect(await paths(folder)).toEqual(["app.py"]);
    folder.write("Dockerfile.dockerignore", "app.py");
    expect(await paths(folder)).toEqual(["notes.md"]);
  });

  test("ignored folders are not even entered", async () => {
    using folder = new Folder({ "app.py": "", ".dockerignore": "data" });
    folder.write("data/secret/file", "");
    const list = join(folder.path, "data");
    chmodSync(list, 0o000);
    try {
      expect(await paths(folder)).toEqual(["app.py"]);
      // Root reads everything, so the access time tells instead.
      const before = statSync(list).atimeMs;
      await paths(folder);
      expect(statSync(list).atimeMs).toBe(before);
    } finally {
      chmodSync(list, 0o755);
    }
  });

  test("a folder is read once, and one that is ignored never, whatever is in it", async () => {
    const files = ["app.py", "src/a.py", "src/deep/b.py", ...Array.from({ length: 50_000 }, (_, at) => `${["node_modules", "web/node_modules", "data"][at % 3]}/p${at % 100}/${at}.js`)];
    const tree = listedTree(files.map((path) => ({ path, executable: false, size: 0, read: async () => Buffer.of() })));
    const read: string[] = [];
    const counted: SourceTree = { ...tree, entries: async (path) => (read.push(path), tree.entries(path)) };
    const listed = await walk(counted, parseIgnoreRules("*\n!app.py\n!src\n!web"));
    expect(listed.map(({ path }) => path)).toEqual(["app.py", "src/a.py", "src/deep/b.py"]);
    expect(read.sort()).toEqual(["", "src", "src/deep", "web"]);
  });

  test("every link and special file is refused by name, at once", async () => {
    using folder = new Folder({ "app.py": "" });
    symlinkSync("app.py", join(folder.path, "link.py"));
    symlinkSync("/etc", join(folder.path, "etc"));
    execFileSync("mkfifo", [join(folder.path, "pipe")]);
    const error = await listSource(folder.path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RecipeError);
    expect((error as RecipeError).problems).toEqual([
      '"etc" is a symbolic link: put the file itself there, or name it in .dockerignore',
      '"link.py" is a symbolic link: put the file itself there, or name it in .dockerignore',
      '"pipe" is not a regular file: put the file itself there, or name it in .dockerignore',
    ]);
  });

  test("what the manifest names is not looked for behind a link", async () => {
    using outside = new Folder({ Dockerfile: "FROM outside\n" });
    using folder = new Folder({ "app.py": "", "tool.yaml": "build: { dockerfile: scripts/Dockerfile }\n", ".dockerignore": "scripts" });
    symlinkSync(outside.path, join(folder.path, "scripts"));
    await expect(listSource(folder.path)).rejects.toMatchObject({ code: "DOCKERFILE_MISSING" });
  });

  test("a manifest that is a link is refused", async () => {
    using folder = new Folder({ "app.py": "", "real.yaml": "port: 80" });
    symlinkSync("real.yaml", join(folder.path, "tool.yaml"));
    await expect(listSource(folder.path)).rejects.toMatchObject({ code: "FILE_NOT_REGULAR", message: expect.stringContaining('"tool.yaml" is a symbolic link') });
  });

  test("an ignored link is no problem", async () => {
    using folder = new Folder({ "app.py": "", ".dockerignore": "link.py" });
    symlinkSync("app.py", join(folder.path, "link.py"));
    expect(await paths(folder)).toEqual(["app.py"]);
  });

  test("the folder is only read", async () => {
    using folder = new Folder({ "app.py": "" });
    const before = statSync(folder.path).mtimeMs;
    await listSource(folder.path);
    expect(readdirSync(folder.path)).toEqual(["app.py"]);
    expect(statSync(folder.path).mtimeMs).toBe(before);
  });

  test("too many files are refused", async () => {
    using folder = new Folder();
    for (let at = 0; at <= MAX_FILES; at++) folder.write(`f${at}`, "");
    await expect(listSource(folder.path)).rejects.toThrow(/more than 10000 files or 500 MiB/);
  });
});
