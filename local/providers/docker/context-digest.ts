import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readlink, realpath } from "node:fs/promises";
import { isAbsolute, join, posix, relative, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { contextEntries } from "../../../builders/docker/context-files.ts";
import { goFileMode } from "./go-file-mode.ts";

const SEPARATOR = Buffer.of(0);

/**
 * `build.contextDigest` by the provider's formula (pulumi-docker, `hashContext`): SHA-256 over path, mode and content
 * hash of the Dockerfile (under the name "Dockerfile" and without a mode) and of every file that is not ignored.
 * @param project folder that `context` and `dockerfile` are relative to
 */
export async function contextDigest(project: string, context: string, dockerfile: string): Promise<string> {
  const root = resolve(project, context);
  const dockerfilePath = resolve(project, dockerfile);
  const hash = createHash("sha256");

  async function add(name: string, mode: string, contentHash: Buffer): Promise<void> {
    hash.update(posix.normalize(name)).update(mode).update(contentHash).update(SEPARATOR);
  }

  await add("Dockerfile", goFileMode(0), await fileHash(dockerfilePath));
  for (const { path, absolutePath, stats } of await contextEntries({ context: root, dockerfile: dockerfilePath })) {
    if (stats.isDirectory()) continue;
    const contentHash = stats.isSymbolicLink()
      ? createHash("sha256").update(await linkTarget(project, context, absolutePath)).digest()
      : await fileHash(absolutePath);
    await add(path, goFileMode(stats.mode), contentHash);
  }
  return hash.digest("hex");
}

async function fileHash(file: string): Promise<Buffer> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest();
}

/** Where a link leads, as Go's `EvalSymlinks` says it: relative paths stay relative to the project. A broken link is an error. */
async function linkTarget(project: string, context: string, link: string): Promise<string> {
  const target = await realpath(link).catch((error: unknown) => {
    throw new Error(`could not evaluate symlink at ${link}: ${(error as Error).message}`);
  });
  if (isAbsolute(context) || isAbsolute(await readlink(link))) return target;
  return join(relative(await realpath(project), target));
}
