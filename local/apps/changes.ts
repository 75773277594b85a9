import type { Clock } from "./clock.ts";

/** Lets others wait for "something has changed", to look again then. */
export class Changes {
  #waiting: Array<() => void> = [];

  tell(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves at the next change, or after the limit. */
  next(limitMs: number, clock: Clock): Promise<void> {
    return new Promise((resolve) => {
      const timer = clock.after(limitMs, resolve);
      this.#waiting.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }
}
