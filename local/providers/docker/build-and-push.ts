import { setTimeout as sleep } from "node:timers/promises";
import { relative, resolve, sep } from "node:path";
import { buildImage } from "../../../builders/docker/build.ts";
import { configuredLogins } from "../../../builders/docker/docker-config.ts";
import { registryHost, splitTag } from "../../../builders/docker/image-name.ts";
import { pullImage } from "../../../builders/docker/pull.ts";
import { pushImage } from "../../../builders/docker/push.ts";
import { imageInputs } from "./inputs.ts";
import type Docker from "dockerode";
import type { LoginLookup } from "../../../builders/docker/docker-config.ts";
import type { ResourceContext } from "../grpc/provider.ts";
import type { PropertyMap } from "../grpc/property-values.ts";

/** The engine may show an image a moment after its build has ended; asked for 5 times, a second apart. */
const INSPECTIONS = 5;

/**
 * Builds the image and, unless told otherwise, pushes it.
 * @returns the outputs without `__inputs`; `repoDigest` is the pushed one, or the local image id when nothing was pushed
 */
export async function buildAndPush(docker: Docker, project: string, inputs: PropertyMap, context: ResourceContext, preview: boolean): Promise<PropertyMap> {
  const read = imageInputs(inputs);
  const { imageName = "", context: folder = ".", dockerfile = "Dockerfile", platform = "" } = read;
  const status = (line: string) => context.log("info", line, { ephemeral: true });
  // An interrupt lets the real provider's build come to its end as well.
  const signal = context.gone;
  const host = hostOf(read.registryServer) || registryHost(imageName);
  const configured = configuredLogins();
  const loginOf: LoginLookup = async (asked) => (read.login !== undefined && asked === host ? read.login : configured(asked));
  const login = host === undefined ? undefined : await loginOf(host);
  if (read.loginProblem !== undefined) context.log("warning", read.loginProblem);

  for (const image of read.cacheFrom) {
    status(`Pulling cached image ${image}`);
    await pullImage({ docker, name: image, platform, signal, ...(login && { login }) }).catch((error: Error) =>
      context.log("info", `cacheFrom image ${image} not available: ${error.message}`),
    );
  }

  status("Starting Docker build");
  const imageId = await buildImage({
    docker,
    context: resolve(project, folder),
    dockerfile: resolve(project, dockerfile),
    tag: imageName,
    platform,
    builder: read.builder,
    cacheFrom: read.cacheFrom,
    ...(read.args && { args: read.args }),
    ...(read.target && { target: read.target }),
    ...(read.network && { network: read.network }),
    ...(read.extraHosts && { extraHosts: read.extraHosts }),
    loginOf,
    signal,
    onLine: status,
  }).catch((error: Error) => {
    throw new Error(`error reading build output: ${error.message}`);
  });
  await requireImage(docker, imageId, signal);
  status(`Image built successfully, local id "${imageId}"`);

  const outputs: PropertyMap = {
    dockerfile: relative(resolve(project, folder), resolve(project, dockerfile)).split(sep).join("/"),
    context: folder,
    baseImageName: imageName,
    registryServer: read.registryServer,
    imageName,
    platform,
  };
  if (read.skipPush || preview) return { ...outputs, repoDigest: imageId };

  status("Pushing Image to the registry");
  const digest = await pushImage({ docker, name: imageName, signal, onLine: status, ...(login && { login }) }).catch((error: Error) => {
    throw new Error(`error reading push output: ${error.message}`);
  });
  if (digest === undefined) context.log("warning", "Push completed without reporting a digest; falling back to local image inspect");
  return { ...outputs, repoDigest: digest === undefined ? await localRepoDigest(docker, imageId, imageName) : `${splitTag(imageName).repository}@${digest}` };
}

/** `registry.server` may be written as a URL. */
function hostOf(server: string): string {
  return server.replace(/^https?:\/\//, "").split("/")[0] ?? "";
}

async function requireImage(docker: Docker, imageId: string, signal: AbortSignal): Promise<void> {
  for (let left = INSPECTIONS; ; left -= 1) {
    const found = await docker.getImage(imageId).inspect().then(
      () => true,
      () => false,
    );
    if (found) return;
    if (left === 1) throw new Error("unable to find built image in local image store");
    await sleep(1000, undefined, { signal });
  }
}

async function localRepoDigest(docker: Docker, imageId: string, imageName: string): Promise<string> {
  const { RepoDigests = [] } = await docker.getImage(imageId).inspect();
  const { repository } = splitTag(imageName);
  return RepoDigests.find((digest) => digest.startsWith(`${repository}@`)) ?? "<none>@<none>";
}
