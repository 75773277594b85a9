import { addAbortSignal } from "node:stream";
import { jsonLines } from "./json-lines.ts";
import type Docker from "dockerode";
import type { Readable } from "node:stream";
import type { EngineMessage } from "./progress.ts";
import type { RegistryLogin } from "./session.ts";

export interface PullOptions {
  docker: Docker;
  name: string;
  platform?: string;
  login?: RegistryLogin;
  signal?: AbortSignal;
}

/** @throws Error with the registry's refusal */
export async function pullImage({ docker, name, platform, login, signal }: PullOptions): Promise<void> {
  const response = (await docker.pull(name, {
    ...(platform && { platform }),
    ...(login && { authconfig: { ...login, serveraddress: name.split("/")[0] ?? "" } }),
    abortSignal: signal,
  })) as Readable;
  if (signal) addAbortSignal(signal, response);
  for await (const { error, errorDetail } of jsonLines<EngineMessage>(response)) {
    if (error !== undefined) throw new Error(errorDetail?.message ?? error);
  }
}
