import { setTimeout as sleep } from "node:timers/promises";

export interface Clock {
  now: () => number;
  sleep: (milliseconds: number) => Promise<unknown>;
}

export const systemClock: Clock = { now: Date.now, sleep: (milliseconds) => sleep(milliseconds) };
