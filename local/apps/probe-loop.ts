import type { Clock, Timer } from "./clock.ts";
import type { Probe } from "./probe.ts";
import type { ProbeAnswer, ProbeTarget, SendProbe } from "./probe-request.ts";

/**
 * Between two regular attempts, how often it is looked whether the port is served now. A success found so counts, a
 * failure does not: the replica is ready when it is ready and not at the next period, and no failure comes early.
 */
const EARLY_LOOK_MS = 50;

export interface ProbeLoop {
  stop(): void;
}

/**
 * Asks one probe as Kubernetes, and so Azure, does: the first time `initialDelaySeconds` after the container's start, then every
 * period; a verdict falls when the threshold of successes or failures in a row is reached, and after each further one.
 *
 * @param startedAt when the container started, milliseconds since the epoch
 */
export function startProbeLoop(options: {
  probe: Probe;
  target: ProbeTarget;
  startedAt: number;
  clock: Clock;
  send: SendProbe;
  verdict(passed: boolean, answer: ProbeAnswer): void;
}): ProbeLoop {
  const { probe, target, clock, send, verdict } = options;
  const period = probe.periodSeconds * 1000;
  let timer: Timer | undefined;
  let stopped = false;
  let successes = 0;
  let failures = 0;
  let everPassed = false;

  const count = (answer: ProbeAnswer) => {
    [successes, failures] = answer.ok ? [successes + 1, 0] : [0, failures + 1];
    if (answer.ok && successes >= probe.successThreshold) {
      everPassed = true;
      verdict(true, answer);
    }
    if (!answer.ok && failures >= probe.failureThreshold) verdict(false, answer);
  };

  const attempt = async () => {
    const due = clock.now() + period;
    const answer = await send(probe, target);
    if (stopped) return;
    count(answer);
    if (!stopped) wait(due, answer.refused);
  };

  /** Until `due`, looking early while nobody listens. */
  const wait = (due: number, nobodyListens: boolean) => {
    const left = Math.max(0, due - clock.now());
    if (!nobodyListens || everPassed || left <= EARLY_LOOK_MS) {
      timer = clock.after(left, attempt);
      return;
    }
    timer = clock.after(EARLY_LOOK_MS, async () => {
      const answer = await send(probe, target);
      if (stopped) return;
      if (answer.ok) count(answer);
      if (!stopped) wait(due, answer.refused);
    });
  };

  timer = clock.after(Math.max(0, options.startedAt + probe.initialDelaySeconds * 1000 - clock.now()), attempt);
  return {
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
