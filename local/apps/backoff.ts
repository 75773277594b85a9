/** Kubernetes waits 10 s, 20 s, ... at most 300 s between restarts; the first one comes at once, here after 1 s. */
const FIRST_MS = 1_000;
const SECOND_MS = 10_000;
const LONGEST_MS = 300_000;

/** A container that ran this long counts as healthy: its next crash is answered like a first one. */
export const HEALTHY_AFTER_MS = 600_000;

/** Milliseconds before the next start, after this many ends in a row (1 or more). */
export const restartDelay = (ends: number): number => (ends <= 1 ? FIRST_MS : Math.min(LONGEST_MS, SECOND_MS * 2 ** (ends - 2)));
