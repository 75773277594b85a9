import type { Clock } from "../azure/clock.ts";
import type { Http } from "../azure/http.ts";

/** `unreachable`: the way from here to the endpoint says nothing about the endpoint. */
export type EndpointAnswer = { kind: "answered" } | { kind: "wrong"; answer: string } | { kind: "unreachable"; reason: string };

/** A new app's route, name and certificate are known everywhere a while after ARM says so. */
const PATIENCE_MS = 60_000;
/** For a way that is not there: that is only worth a warning. */
const UNREACHABLE_MS = 15_000;
const PAUSE_MS = 500;

/** No name, no way: this machine's network, a proxy or a firewall. A refused connection or a wrong certificate is an answer. */
const NO_WAY = new Set(["ENOTFOUND", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH", "ETIMEDOUT", "ECONNRESET"]);

/** Asks a revision over HTTPS, as a client would, until it answers 200 to 399. */
export async function askEndpoint(http: Http, url: string, clock: Clock): Promise<EndpointAnswer> {
  const began = clock.now();
  for (;;) {
    const answer = await askOnce(http, url);
    const patience = answer.kind === "unreachable" ? UNREACHABLE_MS : PATIENCE_MS;
    if (answer.kind === "answered" || clock.now() + PAUSE_MS > began + patience) return answer;
    await clock.sleep(PAUSE_MS);
  }
}

async function askOnce(http: Http, url: string): Promise<EndpointAnswer> {
  try {
    const { status } = await http.send(url);
    return status >= 200 && status < 400 ? { kind: "answered" } : { kind: "wrong", answer: `status ${status}` };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code !== undefined && NO_WAY.has(code) ? { kind: "unreachable", reason: message } : { kind: "wrong", answer: message };
  }
}
