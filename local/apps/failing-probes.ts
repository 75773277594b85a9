import type { Fault } from "../faults/faults.ts";
import type { SendProbe } from "./probe-request.ts";

/** Fails the probes of a revision that was made since the switch was set; one that runs already is left alone. */
export function failingWhile(fault: () => Fault | undefined, revisionCreatedAt: string, send: SendProbe): SendProbe {
  return async (probe, target) => {
    const on = fault();
    if (!on || revisionCreatedAt <= on.since) return send(probe, target);
    return { ok: false, refused: false, said: `${probe.http ? "HTTP 503 from GET " : "no answer from "}:${probe.port}${probe.http?.path ?? ""}, by the failure switch never-ready` };
  };
}
