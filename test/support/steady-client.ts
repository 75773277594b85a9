import { ask } from "./https-client.ts";

export interface SteadyClient {
  /** Stops asking, waits for the open requests, answers what went wrong and how many were asked. */
  stop(): Promise<{ asked: number; failures: string[]; bodies: Set<string> }>;
}

/**
 * Asks `url` at a fixed rate until stopped, each request on a connection of its own; at most 120 s, so that a test
 * that forgets it ends all the same.
 */
export function askSteadily(url: string, caFile: string, requestsPerSecond: number): SteadyClient {
  const open = new Set<Promise<void>>();
  const failures: string[] = [];
  const bodies = new Set<string>();
  let asked = 0;
  const timer = setInterval(() => {
    if (asked >= requestsPerSecond * 120) return clearInterval(timer);
    asked += 1;
    const number = asked;
    const request: Promise<void> = ask(url, caFile, { agent: false })
      .then(({ status, body }) => {
        bodies.add(body);
        if (status !== 200) failures.push(`request ${number}: ${status} ${body}`);
      })
      .catch((error: Error) => void failures.push(`request ${number}: ${error.message}`))
      .finally(() => open.delete(request));
    open.add(request);
  }, 1000 / requestsPerSecond);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      return { asked, failures, bodies };
    },
  };
}
