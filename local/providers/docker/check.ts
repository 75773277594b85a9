import { stat } from "node:fs/promises";
import { isAbsolute, posix, resolve } from "node:path";
import { registryHost } from "../../../builders/docker/image-name.ts";
import { isMap, Secret } from "../grpc/property-values.ts";
import { contextDigest } from "./context-digest.ts";
import { imageInputs } from "./inputs.ts";
import type { ResourceContext } from "../grpc/provider.ts";
import type { PropertyMap } from "../grpc/property-values.ts";
import type { ImageInputs } from "./inputs.ts";

/** Go's name of this machine's architecture. */
const HOST_ARCHITECTURE: Record<string, string> = { x64: "amd64", ia32: "386" };

/**
 * Inputs with the provider's defaults, and the digest of the context: a changed file is a changed input.
 * @throws Error in the provider's words
 */
export async function checkImage(project: string, news: PropertyMap, context: Pick<ResourceContext, "log">): Promise<PropertyMap> {
  const read = imageInputs(news);
  const given = news["build"] instanceof Secret ? news["build"].value : (news["build"] ?? {});
  if (!isMap(given)) return { ...news, buildOnPreview: read.buildOnPreview };
  const build: PropertyMap = { ...given };
  if (read.context !== undefined) build["context"] = read.context;
  if (read.dockerfile !== undefined) build["dockerfile"] = read.dockerfile;
  if (read.context !== undefined && read.dockerfile !== undefined) {
    await requireDockerfile(project, read.context, read.dockerfile);
    build["contextDigest"] = await contextDigest(project, read.context, read.dockerfile).catch((error: unknown) => {
      throw new Error(`unable to hash build context: ${(error as Error).message}`);
    });
  }
  if (build["platform"] === undefined) {
    build["platform"] = `linux/${HOST_ARCHITECTURE[process.arch] ?? process.arch}`;
    context.log(
      "info",
      `Building your image for ${build["platform"]} architecture.\nTo ensure you are building for the correct platform, consider explicitly setting the \`platform\` field on ImageBuildOptions.`,
    );
  }
  requireQualifiedNames(read);
  return { ...news, build: news["build"] instanceof Secret ? new Secret(build) : build, buildOnPreview: read.buildOnPreview };
}

async function requireDockerfile(project: string, context: string, dockerfile: string): Promise<void> {
  if (await exists(resolve(project, dockerfile))) return;
  const missing = `stat ${dockerfile}: no such file or directory`;
  if (isAbsolute(dockerfile)) throw new Error(`expected a relative Dockerfile path; got "${dockerfile}" instead: ${missing}`);
  const meant = posix.join(context, dockerfile);
  if (await exists(resolve(project, meant))) {
    throw new Error(`could not open dockerfile at relative path "${dockerfile}". Try setting \`dockerfile\` to "${meant}"`);
  }
  throw new Error(`could not open dockerfile at relative path "${dockerfile}": ${missing}`);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function requireQualifiedNames({ imageName, skipPush, cacheFrom, registryServer }: ImageInputs): void {
  if (skipPush && cacheFrom.length === 0) return;
  const names = registryServer === "" && imageName !== undefined ? [imageName, ...cacheFrom] : cacheFrom;
  for (const name of names) {
    if (registryHost(name) !== undefined) continue;
    throw new Error(
      `"${name}": repository name must be canonical.\nThis resource requires all image names to be fully qualified.\n` +
        "For example, if you are attempting to push to Dockerhub, prefix your image name with `docker.io`:\n\n`docker.io/repository/image:tag`",
    );
  }
}
