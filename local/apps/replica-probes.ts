import type { Clock } from "./clock.ts";
import type { ContainerState } from "./engine.ts";
import type { Listening } from "./listening.ts";
import type { Probe } from "./probe.ts";
import { startProbeLoop, type ProbeLoop } from "./probe-loop.ts";
import type { ProbeAnswer, SendProbe } from "./probe-request.ts";
import { probeProblem } from "./problems.ts";
import type { Plan } from "./template.ts";

export interface ProbeEvents {
  started(): void;
  /** At every verdict of the readiness probe; once, when there is none. `problem` says why not. */
  ready(ready: boolean, problem?: string): void;
  /** The startup or the liveness probe has used up its failures: the container is to be replaced. Comes once. */
  givenUp(kind: "Startup" | "Liveness", problem: string): void;
}

/**
 * Probes one container in Azure's order: startup until it passes, then readiness and liveness side by side, readiness at once.
 * @param known what was known of the container before, when it is taken over from a former daemon
 */
export function startProbes(options: {
  plan: Plan;
  container: ContainerState;
  known: { started: boolean; ready: boolean };
  clock: Clock;
  send: SendProbe;
  listening(): Listening | undefined;
  events: ProbeEvents;
}): ProbeLoop {
  const { plan, container, known, clock, send, listening, events } = options;
  const loops: ProbeLoop[] = [];
  const stop = () => {
    for (const loop of loops.splice(0)) loop.stop();
  };
  const probe = (kind: Probe["kind"]) => plan.probes.find((each) => each.kind === kind);
  const textOf = (each: Probe, { said, refused }: ProbeAnswer) => probeProblem(each, said, refused, plan.targetPort, listening());
  const loop = (each: Probe, verdict: (passed: boolean, answer: ProbeAnswer) => void) =>
    loops.push(startProbeLoop({ probe: each, target: { port: container.ports[each.port] ?? 0, listening }, startedAt: container.startedAt, clock, send, verdict }));
  const giveUp = (each: Probe, answer: ProbeAnswer) => {
    stop();
    events.givenUp(each.kind as "Startup" | "Liveness", textOf(each, answer));
  };

  const begin = (ready: boolean) => {
    stop();
    events.started();
    const [readiness, liveness] = [probe("Readiness"), probe("Liveness")];
    if (!readiness || ready) events.ready(true);
    if (readiness) loop(readiness, (passed, answer) => events.ready(passed, passed ? undefined : textOf(readiness, answer)));
    if (liveness) loop(liveness, (passed, answer) => (passed ? undefined : giveUp(liveness, answer)));
  };

  const startup = probe("Startup");
  if (startup && !known.started) loop(startup, (passed, answer) => (passed ? begin(false) : giveUp(startup, answer)));
  else begin(known.ready);
  return { stop };
}
