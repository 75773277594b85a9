import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { extract } from "tar-stream";
import { contextArchive } from "../../../builders/docker/context-archive.ts";
import type { Header } from "tar-stream";

let folder: string;
let context: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "toolwharf-archive-"));
  context = join(folder, "context");
  mkdirSync(join(context, "lib"), { recursive: true });
  for (const [file, mode] of [["Dockerfile", 0o600], ["run.sh", 0o700], ["lib/a.txt", 0o666], ["ignored.log", 0o644]] as const) {
    writeFileSync(join(context, file), file);
    chmodSync(join(context, file), mode);
  }
  writeFileSync(join(context, ".dockerignore"), "*.log\nDockerfile\n");
  symlinkSync("run.sh", join(context, "link"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function headersOf(dockerfile: string): Promise<{ dockerfile: string; headers: Header[] }> {
  const archive = await contextArchive(context, dockerfile);
  const headers: Header[] = [];
  const entries = extract();
  entries.on("entry", (header, stream, next) => {
    headers.push(header);
    stream.on("end", next).resume();
  });
  await pipeline(archive.stream, entries as unknown as NodeJS.WritableStream);
  return { dockerfile: archive.dockerfile, headers };
}

test("belongs to root, with two modes only, and has what the ignore file leaves in and the builder needs", async () => {
  const { dockerfile, headers } = await headersOf(join(context, "Dockerfile"));
  expect(dockerfile).toBe("Dockerfile");
  const modes = Object.fromEntries(headers.filter(({ name }) => name !== ".").map(({ name, mode }) => [name, mode?.toString(8)]));
  expect(modes).toEqual({ ".dockerignore": "644", "Dockerfile": "644", "lib": "755", "lib/a.txt": "644", "link": "755", "run.sh": "755" });
  for (const { uid, gid } of headers) expect([uid, gid]).toEqual([0, 0]);
  expect(headers.find(({ name }) => name === "link")).toMatchObject({ type: "symlink", linkname: "run.sh" });
});

test("takes a Dockerfile from outside under another name", async () => {
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch");
  const { dockerfile, headers } = await headersOf(join(folder, "Dockerfile"));
  expect(headers.map(({ name }) => name)).toContain(dockerfile);
  expect(headers.map(({ name }) => name)).not.toContain("Dockerfile");
});
