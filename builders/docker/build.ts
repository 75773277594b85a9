import { addAbortSignal } from "node:stream";
import { contextArchive } from "./context-archive.ts";
import { jsonLines } from "./json-lines.ts";
import { BuildProgress } from "./progress.ts";
import { openSession, type BuildSession } from "./session.ts";
import type Docker from "dockerode";
import type { Readable } from "node:stream";
import type { LoginLookup } from "./docker-config.ts";
import type { EngineMessage } from "./progress.ts";

export interface BuildOptions {
  docker: Docker;
  /** Absolute path of the context's folder. */
  context: string;
  /** Absolute path of the Dockerfile; it may be outside of the context. */
  dockerfile: string;
  /** Full name with tag, `localhost:5443/tools/weather:1f2e...`. */
  tag: string;
  /** `linux/amd64` */
  platform?: string;
  args?: Record<string, string>;
  target?: string;
  network?: string;
  extraHosts?: string[];
  /** Images whose layers may be used; they have to be pulled already. */
  cacheFrom?: string[];
  /** Logins for base images and caches. Each is told to its own registry only. @default every registry is asked anonymously */
  loginOf?: LoginLookup;
  /** "1": the builder before BuildKit. @default "2" */
  builder?: "1" | "2";
  /** Ends the build in the engine too. */
  signal?: AbortSignal;
  /** Each line of the build, steps and what they write. */
  onLine?: (line: string) => void;
}

/** The build's own failure, as against one of the engine. */
export class BuildError extends Error {
  /** `[build 2/4] RUN pip install -r requirements.txt`; empty when the Dockerfile itself is wrong. */
  readonly step: string;
  /** The last lines that the step wrote, at most 20. */
  readonly lines: string[];
  constructor(message: string, step: string, lines: string[]) {
    super([message, ...(step === "" ? [] : [step]), ...lines.map((line) => `  ${line}`)].join("\n"));
    this.name = "BuildError";
    this.step = step;
    this.lines = lines;
  }
}

/**
 * Builds by the engine's API, no `docker` command needed.
 * @returns the local image id, `sha256:...`
 * @throws BuildError with the failed step's last lines; Error when the engine or the context is at fault
 */
export async function buildImage(options: BuildOptions): Promise<string> {
  const { docker, builder = "2", signal } = options;
  signal?.throwIfAborted();
  const archive = await contextArchive(options.context, options.dockerfile);
  let session: BuildSession | undefined;
  try {
    if (builder === "2") session = await openSession(docker, options.loginOf ?? (async () => undefined));
    const response = await startBuild(docker, archive.stream, { ...buildQuery(options, archive.dockerfile), ...(session && { session: session.id }) }, signal);
    return await follow(response, options.onLine ?? (() => undefined));
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    archive.stream.destroy();
    session?.close();
  }
}

function buildQuery(options: BuildOptions, dockerfile: string): Record<string, unknown> {
  return {
    version: options.builder ?? "2",
    dockerfile,
    t: options.tag,
    ...(options.platform && { platform: options.platform }),
    ...(options.target && { target: options.target }),
    ...(options.network && { networkmode: options.network }),
    ...(options.extraHosts && { extrahosts: options.extraHosts }),
    ...(options.args && { buildargs: JSON.stringify(options.args) }),
    ...(options.cacheFrom && { cachefrom: JSON.stringify(options.cacheFrom) }),
  };
}

/** `docker.buildImage` would open a session of its own. */
function startBuild(docker: Docker, context: Readable, query: Record<string, unknown>, signal: AbortSignal | undefined): Promise<Readable> {
  return new Promise((resolve, reject) => {
    docker.modem.dial(
      {
        method: "POST",
        path: "/build?",
        options: query,
        file: context,
        isStream: true,
        abortSignal: signal,
        statusCodes: { 200: true, 400: "bad request", 500: "server error" },
      } as never,
      (error: unknown, response: unknown) => {
        if (error) return reject(error as Error);
        resolve(signal ? addAbortSignal(signal, response as Readable) : (response as Readable));
      },
    );
  });
}

async function follow(response: Readable, onLine: (line: string) => void): Promise<string> {
  const progress = new BuildProgress(onLine);
  let imageId: string | undefined;
  for await (const message of jsonLines<EngineMessage>(response)) {
    if (message.error !== undefined || message.errorDetail !== undefined) {
      const { name, lines } = progress.failedStep() ?? { name: "", lines: [] };
      throw new BuildError(message.errorDetail?.message ?? message.error ?? "the build failed", name, lines);
    }
    if (typeof message.aux === "object" && message.aux.ID !== undefined) imageId = message.aux.ID;
    progress.take(message);
  }
  if (imageId === undefined) throw new Error("no image id found in build output");
  return imageId;
}
