import type { Listening } from "./listening.ts";
import type { Probe } from "./probe.ts";
import type { ContainerState } from "./engine.ts";

/** Why a container is not well, in Azure's words where they are known and with what a person needs to mend it. */

export function endedProblem(container: string, state: Pick<ContainerState, "exitCode" | "outOfMemory"> | undefined, memory: string): string {
  if (!state) return `Container crashing: ${container}. It was removed from the engine by somebody else.`;
  if (state.outOfMemory) return `Container crashing: ${container}. It ended with exit code ${state.exitCode}: out of memory, its limit is ${memory}.`;
  if (state.exitCode === 0) return `Container crashing: ${container}. It ended with exit code 0, but the container of an app has to keep running.`;
  return `Container crashing: ${container}. It ended with exit code ${state.exitCode}.`;
}

export const cannotStartProblem = (container: string, message: string): string => `Container crashing: ${container}. It could not be started: ${message}`;

/** @param said what was asked and answered */
export function probeProblem(probe: Probe, said: string, refused: boolean, targetPort: number | undefined, listening: Listening | undefined): string {
  if (refused && listening && probe.port === targetPort) {
    if (listening.open.length > 0) return `The TargetPort ${targetPort} does not match the listening port ${listening.open.join(", ")}.`;
    if (listening.loopback.includes(probe.port)) return `The container listens on 127.0.0.1:${probe.port} only, where nothing outside it can come; it has to listen on 0.0.0.0:${probe.port}.`;
  }
  return `${probe.kind} probe failed: ${said}.`;
}
