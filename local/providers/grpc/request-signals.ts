/** Node's timers hold no longer time; a longer one would be up at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What tells one request that it need not go on. */
export interface RequestSignals {
  /** Aborted by the engine's Cancel, when the engine is gone, and with a `TimeoutError` when the time is up. */
  signal: AbortSignal;
  /** Aborted only when the engine is gone. */
  gone: AbortSignal;
  /** The engine is gone: nobody waits for the answer. */
  leave(): void;
  /** The request has been answered: nothing is to abort its signals any more, and nothing of this keeps them alive. */
  release(): void;
}

/**
 * Neither `AbortSignal.timeout` nor `AbortSignal.any`: Node keeps the first alive inside the second until its time is up (for most
 * requests two hours), and the second for as long as a listener is left on it.
 *
 * @param canceled aborted when the engine cancels; lives longer than the request
 * @param timeoutMs at most 24 days count
 */
export function requestSignals(canceled: AbortSignal, timeoutMs: number): RequestSignals {
  const gone = new AbortController();
  const any = new AbortController();
  const onCanceled = () => any.abort(canceled.reason);
  const limit = setTimeout(() => any.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError")), Math.min(timeoutMs, LONGEST_TIMER_MS)).unref();
  if (canceled.aborted) onCanceled();
  else canceled.addEventListener("abort", onCanceled);
  return {
    signal: any.signal,
    gone: gone.signal,
    leave() {
      const reason = new Error("the engine is gone");
      gone.abort(reason);
      any.abort(reason);
    },
    release() {
      clearTimeout(limit);
      canceled.removeEventListener("abort", onCanceled);
    },
  };
}
