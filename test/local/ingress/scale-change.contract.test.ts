import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { askSteadily } from "../../support/steady-client.ts";
import { ServedApps } from "../support/served-apps.ts";

jest.setTimeout(30_000);

const served = new ServedApps();
const { engine } = served;
beforeAll(async () => {
  await served.start();
  // Azure's 15 s and 300 s in a second each; thresholds that a busy machine, which asks more slowly, reaches too.
  const rules = [{ name: "http", http: { metadata: { concurrentRequests: "10" } } }];
  await served.apps.apply(served.app("v1", { scale: { minReplicas: 0, maxReplicas: 3, pollingInterval: 1, cooldownPeriod: 1, rules } }));
});
afterAll(() => served.dispose());

test("no request is lost at 40 a second while replicas come, while they go, and from zero", async () => {
  await served.until(() => served.state().runningState === "ScaledToZero");
  engine.answerMs = 200;
  const many = askSteadily(served.url(), served.caFile, 40);
  await served.until(() => served.state().runningState === "RunningAtMaxScale");
  await sleep(1_500);
  const busy = engine.running().map((id) => engine.answered.get(id) ?? 0);
  expect(busy).toHaveLength(3);
  expect(Math.min(...busy)).toBeGreaterThan(5);

  // Less, but never none: the replicas that go have requests that are open.
  const few = askSteadily(served.url(), served.caFile, 15);
  const first = await many.stop();
  await served.until(() => Number(served.state().replicas) < 3);
  await served.until(() => engine.running().length < 3);
  const second = await few.stop();
  expect([...first.failures, ...second.failures]).toEqual([]);
  // The ingress sends a GET again that broke, so a replica that ends too early shows only here.
  expect(engine.cutOff).toBe(0);
  expect(first.asked).toBeGreaterThan(60);
  await served.until(() => served.state().runningState === "ScaledToZero" && engine.running().length === 0);
});
