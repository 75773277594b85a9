import { describe, expect, test } from "@jest/globals";
import { startProbeLoop } from "../../../local/apps/probe-loop.ts";
import { probesOf, type Probe } from "../../../local/apps/probe.ts";
import type { ProbeAnswer } from "../../../local/apps/probe-request.ts";
import { FakeClock } from "../support/fake-clock.ts";

const OK: ProbeAnswer = { ok: true, refused: false, said: "" };
const FAILED: ProbeAnswer = { ok: false, refused: false, said: "HTTP 500" };
const REFUSED: ProbeAnswer = { ok: false, refused: true, said: "connection refused" };

/** Runs a probe loop; what it is answered is told by the second since the container's start. */
function run(probe: Partial<Probe>, answer: (seconds: number) => ProbeAnswer) {
  const clock = new FakeClock();
  const began = clock.now();
  const asked: number[] = [];
  const verdicts: Array<[number, boolean]> = [];
  const seconds = () => (clock.now() - began) / 1000;
  const loop = startProbeLoop({
    probe: { kind: "Startup", port: 1, initialDelaySeconds: 0, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3, successThreshold: 1, ...probe },
    target: { port: 1, listening: () => undefined },
    startedAt: began,
    clock,
    send: async () => {
      asked.push(seconds());
      return answer(seconds());
    },
    verdict: (passed) => void verdicts.push([seconds(), passed]),
  });
  return { clock, asked, verdicts, loop };
}

describe("a probe", () => {
  test("begins after its delay and comes every period", async () => {
    const { clock, asked } = run({ initialDelaySeconds: 4, periodSeconds: 5 }, () => FAILED);
    await clock.pass(15_000);
    expect(asked).toEqual([4, 9, 14]);
  });

  test("fails at the threshold of failures in a row, and at each further one", async () => {
    const { clock, verdicts } = run({}, (second) => (second === 10 ? OK : FAILED));
    await clock.pass(50_000);
    expect(verdicts).toEqual([[10, true], [40, false], [50, false]]);
  });

  test("passes at the threshold of successes in a row", async () => {
    const { clock, verdicts } = run({ successThreshold: 2 }, (second) => (second === 10 ? FAILED : OK));
    await clock.pass(30_000);
    expect(verdicts).toEqual([[30, true]]);
  });

  test("finds a server that begins to listen between two attempts", async () => {
    const { clock, verdicts } = run({ periodSeconds: 10 }, (second) => (second < 2.02 ? REFUSED : OK));
    await clock.pass(5_000);
    expect(verdicts).toEqual([[2.05, true]]);
  });

  test("counts no failure that is found early", async () => {
    const { clock, verdicts, asked } = run({ periodSeconds: 10, failureThreshold: 3 }, (second) => (second < 1 ? REFUSED : FAILED));
    await clock.pass(19_990);
    expect(verdicts).toEqual([]);
    expect(asked.filter((second) => second > 1.05)).toEqual([10]);
    await clock.pass(10);
    expect(verdicts).toEqual([[20, false]]);
  });

  test("looks early no more once it has passed", async () => {
    const { clock, asked } = run({ periodSeconds: 10 }, (second) => (second < 10 ? OK : REFUSED));
    await clock.pass(25_000);
    expect(asked).toEqual([0, 10, 20]);
  });

  test("asks nothing any more when it is stopped", async () => {
    const { clock, asked, loop } = run({}, () => REFUSED);
    await clock.pass(100);
    const count = asked.length;
    loop.stop();
    await clock.pass(60_000);
    expect(asked).toHaveLength(count);
  });
});

describe("the probes of a container", () => {
  test("that leaves them out are Azure's, by TCP on the target port", () => {
    expect(probesOf([], 8000)).toEqual([
      { kind: "Startup", port: 8000, initialDelaySeconds: 1, periodSeconds: 1, timeoutSeconds: 3, failureThreshold: 240, successThreshold: 1 },
      { kind: "Readiness", port: 8000, initialDelaySeconds: 3, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 48, successThreshold: 1 },
      { kind: "Liveness", port: 8000, initialDelaySeconds: 0, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3, successThreshold: 1 },
    ]);
  });

  test("are only its own without ingress", () => {
    expect(probesOf([], undefined)).toEqual([]);
  });

  test("that it gives take the place of the default of their type", () => {
    const probes = probesOf([{ type: "liveness", httpGet: { path: "/alive", port: 9000, scheme: "HTTPS", httpHeaders: [{ name: "X-Key", value: "1" }] }, periodSeconds: 30 }], 8000);
    expect(probes.map(({ kind, port }) => [kind, port])).toEqual([["Liveness", 9000], ["Startup", 8000], ["Readiness", 8000]]);
    expect(probes[0]).toMatchObject({ http: { path: "/alive", secure: true, headers: { "x-key": "1" } }, periodSeconds: 30, timeoutSeconds: 1, failureThreshold: 3 });
  });
});
