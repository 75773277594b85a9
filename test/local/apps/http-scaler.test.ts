import { beforeEach, describe, expect, test } from "@jest/globals";
import { HttpScaler } from "../../../local/apps/http-scaler.ts";
import { planOf, type Scale } from "../../../local/apps/template.ts";
import { FakeClock } from "../support/fake-clock.ts";

const APP = { id: "/app", name: "app", type: "t", properties: {} };
const scaleOf = (scale: object): Scale => planOf(APP, { scale }).scale;

let clock: FakeClock;
let scale: Scale;
let current: number;
let open: number;
let scaler: HttpScaler;
beforeEach(() => {
  clock = new FakeClock();
  scale = scaleOf({ minReplicas: 0, maxReplicas: 20 });
  current = 1;
  open = 0;
  scaler = new HttpScaler({ clock, scale: () => scale, current: () => current, open: () => open, scaleTo: (count) => void (current = count) });
});
const come = (requests: number) => Array.from({ length: requests }, () => scaler.came());
/** The counts after each of so many periods, with this load in each. */
const periods = async (count: number, requestsASecond: number, seconds = 15) => {
  const counts: number[] = [];
  for (let period = 0; period < count; period += 1) {
    come(requestsASecond * seconds);
    await clock.pass(seconds * 1000);
    counts.push(current);
  }
  return counts;
};

describe("the rule", () => {
  test.each<[string, object, Partial<Scale>]>([
    ["is 10 requests, looked at every 15 s, when none is given", {}, { concurrentRequests: 10, periodSeconds: 15, cooldownSeconds: 300, min: 0, max: 10 }],
    ["is 10 requests when it does not say", { rules: [{ name: "http", http: { metadata: {} } }] }, { concurrentRequests: 10 }],
    ["is the one that asks for most", { rules: [{ http: { metadata: { concurrentRequests: "100" } } }, { http: { metadata: { concurrentRequests: "25" } } }] }, { concurrentRequests: 25 }],
    ["keeps its 15 s under Azure's polling interval of 30 s", { pollingInterval: 30 }, { periodSeconds: 15 }],
    ["is looked at more often on demand, at most every second", { pollingInterval: 0 }, { periodSeconds: 1 }],
  ])("%s", (_, given, expected) => expect(scaleOf(given)).toMatchObject(expected));
});

describe("out", () => {
  test("by the requests of the last 15 s divided by 15, rounded up, at the end of the 15 s", async () => {
    come(15 * 10 + 1);
    await clock.pass(14_999);
    expect(current).toBe(1);
    await clock.pass(1);
    expect(current).toBe(2);
  });

  test("not by as many requests as one replica is for", async () => expect(await periods(3, 10)).toEqual([1, 1, 1]));

  test("by requests that are open and last longer than that", async () => {
    open = 35;
    scaler.came();
    await clock.pass(15_000);
    expect(current).toBe(4);
    open = 45;
    await clock.pass(15_000);
    expect(current).toBe(5);
  });

  test("in steps: to 4, then doubled, up to maxReplicas", async () => {
    expect(await periods(4, 1000)).toEqual([4, 8, 16, 20]);
  });
});

describe("in", () => {
  test("after 300 s in which nothing asked for more, to what the load still asks for, and at last to one", async () => {
    await periods(1, 40);
    expect(current).toBe(4);
    expect(await periods(20, 20)).toEqual([...Array<number>(19).fill(4), 2]);
    await clock.pass(299_999);
    expect(current).toBe(2);
    await clock.pass(1);
    expect(current).toBe(1);
  });

  test("not below minReplicas", async () => {
    scale = scaleOf({ minReplicas: 3 });
    current = 3;
    await periods(1, 50);
    expect(current).toBe(5);
    await clock.pass(1_000_000);
    expect(current).toBe(3);
  });

  test("after the app's own cooldown", async () => {
    scale = scaleOf({ cooldownPeriod: 30 });
    await periods(1, 30);
    await clock.pass(29_999);
    expect(current).toBe(3);
    await clock.pass(1);
    expect(current).toBe(1);
  });

  test("replicas that a daemon finds when it starts are given the window", async () => {
    current = 4;
    scaler.watch();
    await clock.pass(299_999);
    expect(current).toBe(4);
    await clock.pass(1);
    expect(current).toBe(1);
  });
});

test("a revision that is at zero or inactive is left alone, and what it was asked for forgotten", async () => {
  await periods(1, 50);
  current = 0;
  scaler.watch();
  await clock.pass(100_000);
  expect(current).toBe(0);
  current = 1;
  await periods(1, 1);
  expect(current).toBe(1);
});

test("without load there is nothing to look at", async () => {
  let timers = 0;
  const counting = { now: () => 0, after: () => ((timers += 1), { cancel: () => undefined }) };
  const idle = new HttpScaler({ clock: counting, scale: () => scale, current: () => 1, open: () => 0, scaleTo: () => undefined });
  idle.watch();
  expect(timers).toBe(0);
  idle.came();
  idle.came();
  expect(timers).toBe(1);
});
