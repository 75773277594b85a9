import { describe, expect, test, beforeEach, afterEach } from "@jest/globals";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stageContext } from "../../builders/context.ts";
import type { StagedFile } from "../../builders/context.ts";

let folder: string;
let destination: string;

function source(path: string, content: string, executable = false): StagedFile {
  const absolutePath = join(folder, "tool", path);
  mkdirSync(join(absolutePath, ".."), { recursive: true });
  writeFileSync(absolutePath, content);
  return { path, absolutePath, executable };
}

const modeOf = (path: string) => (statSync(join(destination, path)).mode & 0o777).toString(8);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "toolwharf-context-"));
  destination = join(folder, "contexts", "weather");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("stageContext", () => {
  test("copies the files and writes the Dockerfile", async () => {
    const files = [source("app.py", "print(1)"), source("lib/deep/util.py", "x")];
    expect(await stageContext({ files, dockerfile: "FROM scratch\n", destination, hash: "h1" })).toBe(true);
    expect(readFileSync(join(destination, "app.py"), "utf8")).toBe("print(1)");
    expect(readFileSync(join(destination, "lib/deep/util.py"), "utf8")).toBe("x");
    expect(readFileSync(join(destination, "Dockerfile"), "utf8")).toBe("FROM scratch\n");
  });

  test.each([0o000, 0o077, 0o002])("gives the same modes under umask %s", async (umask) => {
    const before = process.umask(umask);
    try {
      const file = source("lib/run.sh", "#!/bin/sh", true);
      chmodSync(file.absolutePath, 0o700);
      await stageContext({ files: [file, source("a.txt", "a")], dockerfile: "FROM scratch", destination, hash: "h1" });
    } finally {
      process.umask(before);
    }
    expect(modeOf("lib/run.sh")).toBe("755");
    expect(modeOf("a.txt")).toBe("644");
    expect(modeOf("Dockerfile")).toBe("644");
    expect(modeOf("lib")).toBe("755");
    expect(modeOf(".")).toBe("755");
  });

  test("is not touched while the hash stays the same", async () => {
    const files = [source("a.txt", "one")];
    await stageContext({ files, dockerfile: "FROM scratch", destination, hash: "h1" });
    writeFileSync(files[0]!.absolutePath, "two");
    expect(await stageContext({ files, dockerfile: "FROM scratch", destination, hash: "h1" })).toBe(false);
    expect(readFileSync(join(destination, "a.txt"), "utf8")).toBe("one");
  });

  test("is replaced as a whole when the hash changes, and leaves nothing beside it", async () => {
    await stageContext({ files: [source("old.txt", "o")], dockerfile: "FROM scratch", destination, hash: "h1" });
    await stageContext({ files: [source("new.txt", "n")], dockerfile: "FROM scratch", destination, hash: "h2" });
    expect(readdirSync(destination).sort()).toEqual(["Dockerfile", "new.txt"]);
    expect(readdirSync(join(folder, "contexts")).sort()).toEqual(["weather", "weather.hash"]);
  });

  test("is made again when somebody removed it", async () => {
    const files = [source("a.txt", "one")];
    await stageContext({ files, dockerfile: "FROM scratch", destination, hash: "h1" });
    rmSync(destination, { recursive: true });
    expect(await stageContext({ files, dockerfile: "FROM scratch", destination, hash: "h1" })).toBe(true);
    expect(existsSync(join(destination, "a.txt"))).toBe(true);
  });

  test("two at once end with one whole context", async () => {
    const files = [source("a.txt", "one"), source("b.txt", "two")];
    await Promise.all([1, 2, 3, 4].map(() => stageContext({ files, dockerfile: "FROM scratch", destination, hash: "h1" })));
    expect(readdirSync(destination).sort()).toEqual(["Dockerfile", "a.txt", "b.txt"]);
    expect(readdirSync(join(folder, "contexts")).sort()).toEqual(["weather", "weather.hash"]);
  });

  test("an unfinished one leaves the old context in place", async () => {
    await stageContext({ files: [source("a.txt", "one")], dockerfile: "FROM scratch", destination, hash: "h1" });
    const gone: StagedFile = { path: "gone.txt", absolutePath: join(folder, "tool", "gone.txt"), executable: false };
    await expect(stageContext({ files: [gone], dockerfile: "FROM scratch", destination, hash: "h2" })).rejects.toThrow("ENOENT");
    expect(readdirSync(destination).sort()).toEqual(["Dockerfile", "a.txt"]);
    expect(readdirSync(join(folder, "contexts")).sort()).toEqual(["weather", "weather.hash"]);
  });

  test("follows no link out of the tool's folder", async () => {
    const link = source("data.txt", "x");
    rmSync(link.absolutePath);
    symlinkSync("/etc/hostname", link.absolutePath);
    await expect(stageContext({ files: [link], destination, hash: "h1" })).rejects.toThrow("'data.txt' is not a regular file");
  });

  test.each(["../evil", "/etc/evil", "a/../../evil"])("refuses the path %s", async (path) => {
    const file = source("a.txt", "x");
    await expect(stageContext({ files: [{ ...file, path }], destination, hash: "h1" })).rejects.toThrow("leaves the build context");
  });
});
