const INTERVAL_MS = 1000;

/**
 * An engine that is killed cannot end its plugins: without this the program would wait for answers for ever.
 *
 * @param {() => void} onOrphaned called once, at most a second after the parent ended
 */
export function watchParent(onOrphaned) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onOrphaned();
  }, INTERVAL_MS);
  timer.unref();
}
