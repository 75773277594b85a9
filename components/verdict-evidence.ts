import type { ArmReader, ReplicaContainer, ReplicaDocument, RevisionDocument } from "../azure/arm-reader.ts";

/** Why a revision is not ready, as far as it can be told. */
export type Cause = "pull" | "start" | "port" | "loopback" | "crash" | "probe" | "unknown";

/** What ARM and the container say of a revision that is not ready. */
export interface Evidence {
  cause: Cause;
  /** ARM's own sentences, each once. */
  details: string[];
  /** The replica whose log it is. */
  replica?: string;
  /** Last lines of its console, oldest first. */
  log: string[];
}

/** Lines of the console that are shown. */
const LOG_LINES = 20;

/** Looks at the replicas of a revision. Whatever cannot be read is said in its place; nothing is thrown. */
export async function gatherEvidence(arm: ArmReader, appId: string, revision: RevisionDocument): Promise<Evidence> {
  const replicas = await arm.replicas(appId, revision.name).catch((): ReplicaDocument[] => []);
  const replica = [...replicas].sort((left, right) => restarts(right) - restarts(left))[0];
  const container = replica?.properties.containers?.[0];
  const details = sentences([
    revision.properties.provisioningError,
    revision.properties.runningStateDetails,
    replica?.properties.runningStateDetails,
    container?.runningStateDetails,
  ]);
  const log = container
    ? await arm.consoleTail(appId, container, LOG_LINES).catch((error: Error) => [`(its log could not be read: ${error.message})`])
    : [];
  return { cause: causeOf(details, container), details, ...(replica && { replica: replica.name }), log };
}

/** @param details sentences of ARM; the texts are Azure's, where known */
export function causeOf(details: readonly string[], container: ReplicaContainer | undefined): Cause {
  const text = details.join("\n");
  if (/ImagePull|ErrImage|pull(?:ing)? (?:the )?image|MANIFEST_UNKNOWN|UNAUTHORIZED/i.test(text)) return "pull";
  if (/TargetPort \d+ does not match/i.test(text)) return "port";
  if (/listens on 127\.0\.0\.1:\d+ only/.test(text)) return "loopback";
  if (/could not be started|ContainerCreateError|executable file not found|no such file or directory/i.test(text)) return "start";
  const exitCode = /exit code:? ?'?(\d+)/i.exec(text)?.[1];
  // 137 and 143: killed from outside, which a failed probe does too.
  if (exitCode !== undefined && !["137", "143"].includes(exitCode)) return "crash";
  if (/OOM|out of memory/i.test(text)) return "crash";
  if (/probe/i.test(text)) return "probe";
  if (exitCode !== undefined || container?.runningState === "Terminated") return "crash";
  return container?.runningState === "Running" ? "probe" : "unknown";
}

function restarts({ properties }: ReplicaDocument): number {
  return Math.max(0, ...(properties.containers ?? []).map((container) => container.restartCount ?? 0));
}

function sentences(texts: ReadonlyArray<string | undefined>): string[] {
  return [...new Set(texts.map((text) => text?.trim() ?? "").filter((text) => text !== ""))];
}
