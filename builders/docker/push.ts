import { addAbortSignal } from "node:stream";
import { jsonLines } from "./json-lines.ts";
import { splitTag } from "./image-name.ts";
import type Docker from "dockerode";
import type { Readable } from "node:stream";
import type { EngineMessage } from "./progress.ts";
import type { RegistryLogin } from "./session.ts";

export interface PushOptions {
  docker: Docker;
  /** Full name with tag; the local image of that name is pushed. */
  name: string;
  /** Without one the push is anonymous. */
  login?: RegistryLogin;
  signal?: AbortSignal;
  onLine?: (line: string) => void;
}

/**
 * @returns the digest that the registry answered, `sha256:...`; undefined when the engine did not tell it
 * @throws Error with the registry's refusal
 */
export async function pushImage({ docker, name, login, signal, onLine }: PushOptions): Promise<string | undefined> {
  const { repository, tag } = splitTag(name);
  signal?.throwIfAborted();
  const response = (await docker.getImage(repository).push({
    tag,
    // The engine wants the header even when there is nothing to say.
    authconfig: { ...(login ?? { username: "", password: "" }), serveraddress: repository.split("/")[0] ?? "" },
    abortSignal: signal,
  })) as Readable;
  if (signal) addAbortSignal(signal, response);
  let digest: string | undefined;
  const told = new Set<string>();
  for await (const message of jsonLines<EngineMessage>(response)) {
    if (message.error !== undefined || message.errorDetail !== undefined) throw new Error(refusal(message));
    if (typeof message.aux === "object" && message.aux.Digest !== undefined) digest = message.aux.Digest;
    const line = [message.id, message.status].filter(Boolean).join(": ");
    // The engine repeats a layer's line for every few bytes of it.
    if (line !== "" && !told.has(line)) onLine?.(line);
    told.add(line);
  }
  return digest;
}

/** Texts of the Pulumi docker provider. */
function refusal({ error, errorDetail }: EngineMessage): string {
  const message = errorDetail?.message ?? error ?? "the push failed";
  if (errorDetail?.code === 401) return "authentication is required";
  if (message === "EOF") {
    return "EOF\n: This error is most likely due to incorrect or mismatched registry credentials. Please double check you are using the correct credentials and registry name";
  }
  return message;
}
