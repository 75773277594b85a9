import type { Clock, Timer } from "./clock.ts";
import type { Scale } from "./template.ts";

/** What the scaler asks of its revision, and tells it. */
export interface Scaled {
  clock: Clock;
  scale(): Scale;
  /** How many replicas there should be now; 0 for a revision that is not to be scaled by requests. */
  current(): number;
  /** Requests that its replicas are answering. */
  open(): number;
  scaleTo(count: number): void;
}

/** Azure docs, "Set scaling rules", scale behaviour: steps of 1, 4, then as many again as there are. */
const SECOND_STEP = 4;

/**
 * Decides from the requests how many replicas a revision has, from one upwards; zero is not its matter. Azure docs, "Set scaling
 * rules": every 15 s the concurrent requests are those of the last 15 s divided by 15, and the replicas are that by the rule's
 * threshold, rounded up. Out at once; in when nothing within the window asked for more (300 s, or the app's own cooldown).
 */
export class HttpScaler {
  readonly #of: Scaled;
  #came = 0;
  #timer: Timer | undefined;
  /** What was asked for within the window of scaling in. */
  #asked: Array<{ at: number; count: number }> = [];

  constructor(of: Scaled) {
    this.#of = of;
  }

  /** A request has been given to a replica. */
  came(): void {
    this.#came += 1;
    this.watch();
  }

  /** Looks every period from now on, for as long as there is load, or more replicas than the least: an idle app costs no timer. */
  watch(): void {
    const { clock, current, open, scale } = this.#of;
    if (current() === 0) return this.stop();
    if (this.#timer || (this.#came === 0 && open() === 0 && current() <= leastOf(scale()))) return;
    this.#forget();
    // Replicas that are there already are there for a reason that is not known any more: they are given the window, too.
    if (this.#asked.length === 0) this.#asked.push({ at: clock.now(), count: current() });
    this.#timer = clock.after(scale().periodSeconds * 1000, () => {
      this.#timer = undefined;
      this.#look();
      this.watch();
    });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#asked = [];
    this.#came = 0;
  }

  #look(): void {
    const { clock, current, open, scale, scaleTo } = this.#of;
    const { concurrentRequests, periodSeconds, max } = scale();
    // A request that lasts longer than a period is in no count of those that came, yet is there.
    const load = Math.max(this.#came / periodSeconds, open());
    this.#came = 0;
    const asked = Math.min(max, Math.max(leastOf(scale()), Math.ceil(load / concurrentRequests)));
    this.#asked.push({ at: clock.now(), count: asked });
    this.#forget();
    const now = current();
    const most = Math.max(...this.#asked.map(({ count }) => count));
    const next = asked > now ? Math.min(asked, Math.max(SECOND_STEP, 2 * now)) : Math.min(now, most);
    if (next !== now) scaleTo(next);
  }

  #forget(): void {
    const since = this.#of.clock.now() - Math.max(1, this.#of.scale().cooldownSeconds) * 1000;
    this.#asked = this.#asked.filter(({ at }) => at > since);
  }
}

const leastOf = ({ min }: Scale): number => Math.max(1, min);
