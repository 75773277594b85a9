import { request as http } from "node:http";
import { request as https } from "node:https";
import { connect } from "node:net";
import type { Listening } from "./listening.ts";
import type { Probe } from "./probe.ts";

export interface ProbeAnswer {
  ok: boolean;
  /** Nobody listens there (yet). */
  refused: boolean;
  /** What was asked and answered, for people: `HTTP 500 from GET :8000/health: database is away`. */
  said: string;
}

export interface ProbeTarget {
  /** Port on 127.0.0.1 behind which the engine's forwarder serves the probe's port. */
  port: number;
  /** What the container listens on, where that can be seen. */
  listening(): Listening | undefined;
}

/** Sends one probe. Never rejects. */
export type SendProbe = (probe: Probe, target: ProbeTarget) => Promise<ProbeAnswer>;

/**
 * The engine's forwarder accepts a connection also when nobody listens in the container, and closes it when it finds out;
 * a connection that stays open for this long has reached somebody.
 */
const FORWARDER_MS = 100;

/** Of an answer's body, how much is worth showing. */
const SHOWN_CHARACTERS = 200;

const ACCEPTED = { ok: true, refused: false, said: "accepted" };

export const sendProbe: SendProbe = async (probe, target) => {
  const listening = target.listening();
  if (listening && !listening.open.includes(probe.port)) return refused(probe);
  if (probe.http) return httpProbe(probe, probe.http, target.port);
  return listening ? ACCEPTED : tcpProbe(probe, target.port);
};

const asked = (probe: Probe): string => (probe.http ? `GET :${probe.port}${probe.http.path}` : `port ${probe.port}`);

const refused = (probe: Probe): ProbeAnswer => ({ ok: false, refused: true, said: `connection refused by ${asked(probe)}` });

function tcpProbe(probe: Probe, port: number): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const settle = (answer: ProbeAnswer) => {
      clearTimeout(limit);
      socket.destroy();
      resolve(answer);
    };
    const limit = setTimeout(() => settle(late(probe)), probe.timeoutSeconds * 1000);
    socket.once("connect", () => setTimeout(() => settle(ACCEPTED), FORWARDER_MS));
    socket.once("data", () => settle(ACCEPTED));
    for (const event of ["error", "end", "close"]) socket.once(event, () => settle(refused(probe)));
  });
}

function httpProbe(probe: Probe, get: NonNullable<Probe["http"]>, port: number): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const settle = (answer: ProbeAnswer) => {
      clearTimeout(limit);
      sent.destroy();
      resolve(answer);
    };
    const limit = setTimeout(() => settle(late(probe)), probe.timeoutSeconds * 1000);
    const sent = (get.secure ? https : http)({
      host: "127.0.0.1",
      port,
      path: get.path,
      agent: false,
      // Azure does not verify the certificate of a container either.
      rejectUnauthorized: false,
      headers: { "user-agent": "toolwharf-probe", ...get.headers },
    });
    sent.once("response", (response) => {
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 400) return settle({ ok: true, refused: false, said: `HTTP ${status}` });
      let body = "";
      response.setEncoding("utf8");
      const done = () => settle({ ok: false, refused: false, said: `HTTP ${status} from ${asked(probe)}${excerpt(body)}` });
      response.on("data", (chunk: string) => (body += chunk).length > SHOWN_CHARACTERS && done());
      response.once("end", done);
      response.once("error", done);
    });
    // A reset without a word is the forwarder, or a server that ends; neither has said anything about its health.
    sent.once("error", (error: NodeJS.ErrnoException) =>
      settle(error.code === "ECONNREFUSED" || error.code === "ECONNRESET" ? refused(probe) : { ok: false, refused: false, said: `${error.message} from ${asked(probe)}` }),
    );
    sent.end();
  });
}

const late = (probe: Probe): ProbeAnswer => ({ ok: false, refused: false, said: `no answer within ${probe.timeoutSeconds} s from ${asked(probe)}` });

function excerpt(body: string): string {
  const line = body.replaceAll(/\s+/g, " ").trim().slice(0, SHOWN_CHARACTERS);
  return line ? `: ${line}` : "";
}
