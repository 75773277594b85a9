import { describe, expect, test } from "@jest/globals";
import { restartDelay } from "../../../local/apps/backoff.ts";
import { revisionState, type ReplicaFacts, type RevisionFacts } from "../../../local/apps/revision-state.ts";
import { nextTraffic } from "../../../local/apps/traffic.ts";

const replica = (more: Partial<ReplicaFacts> = {}): ReplicaFacts => ({ started: false, ready: false, crashes: 0, startupExhausted: false, ...more });
const READY = replica({ started: true, ready: true });
const revision = (more: Partial<RevisionFacts>): RevisionFacts => ({ active: true, everReady: false, wanted: 1, maxReplicas: 10, replicas: [], ...more });

describe("a revision's state", () => {
  test.each<[string, Partial<RevisionFacts>, string]>([
    ["new", { replicas: [replica()] }, "Provisioning Processing None Activating"],
    ["ready", { everReady: true, replicas: [READY] }, "Provisioned Running Healthy "],
    ["ready, as many as it may have", { everReady: true, maxReplicas: 1, replicas: [READY] }, "Provisioned RunningAtMaxScale Healthy "],
    ["at zero", { everReady: true, wanted: 0 }, "Provisioned ScaledToZero Healthy "],
    ["of two only one ready", { wanted: 2, replicas: [READY, replica()] }, "Provisioning Processing None Activating"],
    ["of two only one ready, after both were", { everReady: true, wanted: 2, replicas: [READY, replica()] }, "Provisioned Processing Healthy Scaling"],
    ["of two none ready, after both were", { everReady: true, wanted: 2, replicas: [replica(), replica()] }, "Provisioned Processing None Activating"],
    ["crashed once", { replicas: [replica({ crashes: 1, problem: "crash" })] }, "Provisioning Degraded Unhealthy crash"],
    ["crashed three times", { replicas: [replica({ crashes: 3, problem: "crash" })] }, "Failed Failed Unhealthy crash"],
    ["crashed three times, and ready again", { everReady: true, replicas: [{ ...READY, crashes: 3 }] }, "Provisioned Running Healthy "],
    ["startup exhausted", { replicas: [replica({ startupExhausted: true, problem: "HTTP 500" })] }, "Failed Failed Unhealthy HTTP 500"],
    ["failed after it was ready", { everReady: true, replicas: [replica({ crashes: 3, problem: "crash" })] }, "Provisioned Failed Unhealthy crash"],
    ["one of two failing, the other ready", { everReady: true, wanted: 2, replicas: [READY, replica({ crashes: 5, problem: "crash" })] }, "Provisioned Degraded Unhealthy crash"],
    ["inactive", { active: false, everReady: true, wanted: 0 }, "Provisioned Stopped None "],
    ["given up", { active: false, wanted: 0 }, "Deprovisioned Stopped None "],
  ])("%s", (_, facts, words) => {
    const { provisioningState, runningState, healthState, runningStateDetails } = revisionState(revision(facts));
    expect([provisioningState, runningState, healthState, runningStateDetails].join(" ")).toBe(words);
  });
});

describe("the traffic in Single mode", () => {
  const facts = (text: string) => text.split(" ").map((word) => ({ name: word[0]!, active: !word.includes("-"), ready: word.includes("+") }));
  test.each([
    ["a", undefined, undefined, []],
    ["a+", undefined, "a", []],
    ["a+ b", "a", "a", []],
    ["a+ b+", "a", "b", ["a"]],
    ["a b+", "a", "b", ["a"]],
    ["a b", "a", "a", []],
    ["a+ b c", "a", "a", ["b"]],
    ["a b", undefined, undefined, ["a"]],
    ["a- b+", "b", "b", []],
    ["a+ b-", "b", "a", []],
    ["a- b-", "b", undefined, []],
  ])("%s, served by %s: %s serves, %j ends", (text, serving, next, deactivate) => {
    expect(nextTraffic(facts(text), serving)).toEqual({ serving: next, deactivate });
  });
});

test("the waits between restarts are Kubernetes's, but for the first", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 20].map((ends) => restartDelay(ends) / 1000)).toEqual([1, 10, 20, 40, 80, 160, 300, 300]);
});
