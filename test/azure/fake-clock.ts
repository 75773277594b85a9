import type { Clock } from "../../azure/clock.ts";

/** Time that passes only where somebody sleeps. */
export function fakeClock(): Clock & { pauses: number[]; pass: (milliseconds: number) => void } {
  let now = 0;
  const pauses: number[] = [];
  return {
    pauses,
    pass: (milliseconds) => void (now += milliseconds),
    now: () => now,
    sleep: async (milliseconds) => {
      pauses.push(milliseconds);
      now += milliseconds;
    },
  };
}
