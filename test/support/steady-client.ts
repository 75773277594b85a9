import { Agent, type RequestOptions } from "node:https";
import { ask } from "./https-client.ts";

/** One request of many. */
export interface Asked {
  url: string;
  method?: "GET" | "POST";
  body?: string;
  /** Over a connection that is kept, instead of one of its own. */
  keepAlive?: boolean;
}

export interface Tally {
  asked: number;
  /** With 200. */
  answered: number;
  failures: string[];
  bodies: Set<string>;
}

export interface SteadyClient {
  /** Stops asking, waits for the open requests, answers what went wrong and how many were asked. */
  stop(): Promise<Tally>;
  /** The same when its time is over. */
  ended(): Promise<Tally>;
}

const LOOK_EVERY_MS = 10;
/** How long a request may be without a byte; the ingress holds one that wakes an app. */
const IDLE_LIMIT_MS = 90_000;

/**
 * Asks at a fixed rate until stopped or until its time is over: what a busy machine delayed is asked later, but asked,
 * so that the number of requests over the whole time is exactly rate times seconds.
 *
 * @param target an address, asked over a connection for each request; or what the request with this number, from 0, asks
 * @param seconds default 120, so that a test that forgets it ends all the same
 */
export function askSteadily(target: string | ((number: number) => Asked), caFile: string, requestsPerSecond: number, seconds = 120): SteadyClient {
  const next = typeof target === "string" ? (): Asked => ({ url: target }) : target;
  const kept = new Agent({ keepAlive: true });
  const open = new Set<Promise<void>>();
  const tally: Tally = { asked: 0, answered: 0, failures: [], bodies: new Set() };

  const send = (number: number): void => {
    const { url, method = "GET", body, keepAlive } = next(number);
    const options: RequestOptions & { form?: string } = { method, agent: keepAlive ? kept : false, timeout: IDLE_LIMIT_MS, ...(body !== undefined && { form: body }) };
    const fail = (what: string) => void tally.failures.push(`request ${number} (${method} ${url}${keepAlive ? ", kept connection" : ""}): ${what}`);
    const request: Promise<void> = ask(url, caFile, options)
      .then((answer) => {
        tally.bodies.add(answer.body);
        if (answer.status === 200) tally.answered += 1;
        else fail(`${answer.status} ${answer.body}`);
      })
      .catch((error: Error) => fail(error.message))
      .finally(() => open.delete(request));
    open.add(request);
  };

  const began = performance.now();
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const timer = setInterval(() => {
    const due = Math.min(seconds, (performance.now() - began) / 1000) * requestsPerSecond;
    while (tally.asked < due) send(tally.asked++);
    if (tally.asked >= seconds * requestsPerSecond) finish();
  }, LOOK_EVERY_MS);
  const ended = async (): Promise<Tally> => {
    await finished;
    clearInterval(timer);
    await Promise.all(open);
    kept.destroy();
    return tally;
  };
  return {
    ended,
    stop() {
      finish();
      return ended();
    },
  };
}
