import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { contextDigest } from "../../../../local/providers/docker/context-digest.ts";

let project: string;

function write(path: string, content: string, mode = 0o644): void {
  const file = join(project, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
}

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "toolwharf-digest-"));
  write("app/Dockerfile", "FROM scratch\n");
  write("app/main.py", "print(1)\n");
  write("app/lib/deep.py", "deep\n");
  write("app/lib.py", "x\n");
  write("app/run.sh", "#!/bin/sh\n", 0o755);
  write("app/node_modules/dep/index.js", "gone\n");
  write("app/node_modules/kept/index.js", "kept\n");
  write("app/.dockerignore", "node_modules\n!node_modules/kept\n");
  symlinkSync("main.py", join(project, "app/link.py"));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

const digest = () => contextDigest(project, "app", "app/Dockerfile");

test("is the one that pulumi-docker computes", async () => {
  // From its own hashContext (Go, fsutil 586307ad452f) over this tree.
  expect(await digest()).toBe("c6daeaf8cf77e03bbf1fc0b2b1c04a2b9c48018a135662257fec4a7cd1622e28");
});

test.each([
  ["a file's content", () => write("app/main.py", "print(2)\n")],
  ["a file's mode", () => chmodSync(join(project, "app/main.py"), 0o755)],
  ["a new file", () => write("app/new.py", "")],
  ["the Dockerfile", () => write("app/Dockerfile", "FROM scratch\nLABEL a=b\n")],
  ["an ignored folder's exception", () => write("app/node_modules/kept/index.js", "changed\n")],
  ["an ignore file of the Dockerfile's own", () => write("app/Dockerfile.dockerignore", "lib\n")],
])("changes with %s", async (_name, change) => {
  const before = await digest();
  change();
  expect(await digest()).not.toBe(before);
});

test.each([
  ["an ignored file", () => write("app/node_modules/dep/index.js", "changed\n")],
  ["an empty folder", () => mkdirSync(join(project, "app/empty"))],
  ["a time stamp", () => utimesSync(join(project, "app/main.py"), 1, 1)],
])("does not change with %s", async (_name, change) => {
  const before = await digest();
  change();
  expect(await digest()).toBe(before);
});

test("a broken link is an error", async () => {
  symlinkSync("nowhere", join(project, "app/broken.py"));
  await expect(digest()).rejects.toThrow(/could not evaluate symlink at .*broken\.py/);
});
