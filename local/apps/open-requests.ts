import type { Clock } from "./clock.ts";

/** Counts what a replica is answering. */
export class OpenRequests {
  #requests = 0;
  #webSockets = 0;
  #none: (() => void) | undefined;

  get any(): boolean {
    return this.count > 0;
  }

  get count(): number {
    return this.#requests + this.#webSockets;
  }

  /** Counts one request in, until it is `done`. One that has become a WebSocket may last: nobody waits for its end. */
  began(): { done(): void; upgraded(): void } {
    this.#requests += 1;
    let end = () => this.#requestEnded();
    return {
      upgraded: () => {
        end();
        this.#webSockets += 1;
        end = () => void (this.#webSockets -= 1);
      },
      done: () => {
        end();
        end = () => undefined;
      },
    };
  }

  /** Resolves when no request is open, after the limit, or when somebody loses patience. */
  async drained(limitMs: number, clock: Clock): Promise<void> {
    if (this.#requests === 0) return;
    await new Promise<void>((resolve) => {
      const timer = clock.after(limitMs, resolve);
      this.#none = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  /** Ends a wait in `drained`. */
  losePatience(): void {
    this.#none?.();
  }

  #requestEnded(): void {
    this.#requests -= 1;
    if (this.#requests === 0) this.#none?.();
  }
}
