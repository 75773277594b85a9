import type { Engine } from "./engine.ts";
import type { Replica } from "./replica.ts";
import { lastLines } from "./replica-logs.ts";

/** How long to wait for a change before looking again: a new container writes at once, and a short life is soon over. */
const LOOK_STARTING_MS = 50;
const LOOK_MS = 1_000;
/** Of a container that began after somebody asked, all that it wrote before it was found here is news. */
const ALL_LINES = 1_000_000;

/**
 * The last lines that a replica wrote and what it goes on to write, container after container. What a container wrote that ended before
 * it was found here is left out; the kept log has it.
 * @param options.kept what its former containers wrote
 */
export async function* followReplica(options: {
  replica: Pick<Replica, "container" | "phase">;
  engine: Pick<Engine, "logs" | "follow">;
  kept: string;
  tailLines: number;
  nextChange(limitMs: number): Promise<void>;
  signal: AbortSignal;
}): AsyncGenerator<Buffer> {
  const { replica, engine, kept, tailLines, nextChange, signal } = options;
  let followed = replica.container?.id;
  const present = followed === undefined ? "" : await engine.logs(followed, tailLines);
  const formerLines = tailLines - (present.match(/\n/g)?.length ?? 0);
  if (kept !== "" && formerLines > 0) yield Buffer.from(lastLines(kept, formerLines));
  if (followed !== undefined) yield* engine.follow(followed, tailLines, signal);
  while (replica.phase !== "gone" && !signal.aborted) {
    const id = replica.container?.id;
    if (id === undefined || id === followed) await nextChange(replica.phase === "running" ? LOOK_MS : LOOK_STARTING_MS);
    else yield* engine.follow((followed = id), ALL_LINES, signal);
  }
}
