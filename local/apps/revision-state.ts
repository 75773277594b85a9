/** What is known of one replica when its revision's state is told. */
export interface ReplicaFacts {
  started: boolean;
  ready: boolean;
  /** Ends in a row, each before a long healthy run. */
  crashes: number;
  /** Its startup probe has used up its failures at least once since it was last ready. */
  startupExhausted: boolean;
  /** What went wrong last, in a sentence; cleared when it is ready. */
  problem?: string;
}

export interface RevisionFacts {
  active: boolean;
  everReady: boolean;
  wanted: number;
  maxReplicas: number;
  replicas: ReplicaFacts[];
}

export interface RevisionState {
  provisioningState: "Provisioning" | "Provisioned" | "Failed" | "Deprovisioned";
  runningState: "Running" | "RunningAtMaxScale" | "ScaledToZero" | "Processing" | "Stopped" | "Degraded" | "Failed";
  healthState: "Healthy" | "Unhealthy" | "None";
  runningStateDetails: string;
  provisioningError?: string;
}

/** A revision whose container ended this often in a row has failed; it is tried again all the same. */
export const CRASHES_TO_FAIL = 3;

/**
 * A revision's state in Azure's words. `RunningAtMaxScale` and `ScaledToZero` are not in the published API, but Azure answers them.
 */
export function revisionState({ active, everReady, wanted, maxReplicas, replicas }: RevisionFacts): RevisionState {
  const provisioned = everReady ? "Provisioned" : "Provisioning";
  if (!active) return { provisioningState: everReady ? "Provisioned" : "Deprovisioned", runningState: "Stopped", healthState: "None", runningStateDetails: "" };
  if (everReady && wanted === 0) return { provisioningState: "Provisioned", runningState: "ScaledToZero", healthState: "Healthy", runningStateDetails: "" };

  const ready = replicas.filter((replica) => replica.ready).length;
  const problem = replicas.find((replica) => !replica.ready && replica.problem)?.problem;
  if (ready >= wanted) {
    return { provisioningState: "Provisioned", runningState: wanted >= maxReplicas ? "RunningAtMaxScale" : "Running", healthState: "Healthy", runningStateDetails: "" };
  }
  if (replicas.some((replica) => replica.startupExhausted || replica.crashes >= CRASHES_TO_FAIL) && ready === 0) {
    const details = problem ?? "";
    return { provisioningState: everReady ? "Provisioned" : "Failed", runningState: "Failed", healthState: "Unhealthy", runningStateDetails: details, provisioningError: details };
  }
  // Scaling out, or one replica started anew: the others serve.
  if (everReady && ready > 0 && !problem) return { provisioningState: "Provisioned", runningState: "Processing", healthState: "Healthy", runningStateDetails: "Scaling" };
  if (problem) return { provisioningState: provisioned, runningState: "Degraded", healthState: "Unhealthy", runningStateDetails: problem };
  return { provisioningState: provisioned, runningState: "Processing", healthState: "None", runningStateDetails: "Activating" };
}
