import type { Clock } from "./clock.ts";
import { isThisMachine } from "./http.ts";
import type { Http, HttpAnswer, HttpOptions } from "./http.ts";

export interface Patience {
  /** Milliseconds before the second try, the third and so on, where the server does not say how long (`retry-after`). */
  pausesMs: readonly number[];
  /** Milliseconds for all tries together; no pause begins that would end later. @default without limit */
  totalMs?: number;
  clock: Clock;
}

/** Longest pause that a server is granted. */
const LONGEST_PAUSE_MS = 120_000;

/** What passes by itself: a name that is not known everywhere yet, a network or a server that stumbles. */
const PASSING = new Set(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ENETUNREACH", "EHOSTUNREACH", "EPIPE", "ETIMEDOUT"]);

/** Repeats what was throttled (429), failed in the server (5xx) or on the way. For requests that may be sent twice. */
export async function sendPatiently(http: Http, url: string, options: HttpOptions, { pausesMs, totalMs = Infinity, clock }: Patience): Promise<HttpAnswer> {
  const end = clock.now() + totalMs;
  for (let tried = 0; ; tried++) {
    const result = await http.send(url, options).then(
      (answer) => ({ answer, passing: answer.status === 429 || answer.status >= 500 }),
      (error: NodeJS.ErrnoException) => ({ error, passing: PASSING.has(error.code ?? "") && !refusedHere(url, error) }),
    );
    const pause = askedPause(result) ?? pausesMs[tried];
    if (result.passing && tried < pausesMs.length && clock.now() + pause! <= end) {
      await clock.sleep(pause!);
      continue;
    }
    if ("error" in result) throw result.error;
    return result.answer;
  }
}

/** No network lies between: what refuses on this machine does not run, and the run that asks it has lost its providers, too. */
const refusedHere = (url: string, { code }: NodeJS.ErrnoException): boolean => code === "ECONNREFUSED" && isThisMachine(new URL(url).hostname);

/** `retry-after` in seconds; its other form, a date, is not used by ARM. */
function askedPause(result: { answer: HttpAnswer } | { error: unknown }): number | undefined {
  const text = "answer" in result ? result.answer.headers["retry-after"] : undefined;
  return text !== undefined && /^\d+$/.test(text) ? Math.min(1000 * Number(text), LONGEST_PAUSE_MS) : undefined;
}
