import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { failingWhile } from "../../../local/apps/failing-probes.ts";
import { controlFaults, isFaultsPath } from "../../../local/faults/control.ts";
import { knownFrom, openFaults, type Fault } from "../../../local/faults/faults.ts";
import { FAULTS, kindOf, type FaultName } from "../../../local/faults/table.ts";
import { openFailures } from "../../../local/registry/failures.ts";
import { CHECKOUT } from "../../support/scratch-project.ts";

const OWNER = "owner";
const ask = (faults = openFaults(), method = "GET", path = "", body?: unknown, principalId = OWNER) => controlFaults(faults, OWNER, { method, path: `/toolwharf/faults${path}`, body, principalId });

describe("a switch", () => {
  test("happens as often as was said, and is off then", () => {
    const faults = openFaults();
    faults.set({ name: "operation-in-progress", timesLeft: 2 });
    expect([1, 2, 3].map(() => faults.take("operation-in-progress", "weather") !== undefined)).toEqual([true, true, false]);
    expect(faults.list()).toEqual([]);
  });

  test("without a number happens until it is cleared, and counts", () => {
    const faults = openFaults();
    faults.set({ name: "pull-denied" });
    for (let times = 0; times < 3; times += 1) faults.take("pull-denied", "weather");
    expect(faults.clear("never-ready")).toEqual([]);
    expect(faults.clear("pull-denied")).toMatchObject([{ name: "pull-denied", happened: 3 }]);
    expect(faults.find("pull-denied", "weather")).toBeUndefined();
  });

  test("is about its target only, in any case, and goes before one for all", () => {
    const faults = openFaults();
    faults.set({ name: "never-ready" });
    faults.set({ name: "never-ready", target: "Weather" });
    expect(faults.find("never-ready", "weather")?.target).toBe("Weather");
    expect(faults.find("never-ready", "other")?.target).toBeUndefined();
    faults.clear();
    faults.set({ name: "never-ready", target: "weather" });
    expect(faults.find("never-ready", "other")).toBeUndefined();
  });

  test("set again takes the place of itself for the same target", () => {
    const faults = openFaults();
    faults.set({ name: "registry-503", timesLeft: 1, requests: "push" });
    faults.set({ name: "registry-503", timesLeft: 5, requests: "pull" });
    expect(faults.list()).toMatchObject([{ timesLeft: 5, requests: "pull" }]);
    expect([faults.take("registry-503", "r", "push"), faults.take("registry-503", "r", "pull")?.timesLeft]).toEqual([undefined, 4]);
  });
});

describe("role propagation", () => {
  const made = (seconds: number) => new Date(seconds * 1000).toISOString();
  const at = (name: FaultName, more: Partial<Fault> = {}) => {
    const faults = openFaults(() => 100_000);
    faults.set({ name, ...more });
    return (seconds: number) => knownFrom(faults, made(seconds));
  };

  test("slow holds back what is made from now on, and nothing older", () => {
    const from = at("role-propagation-slow", { seconds: 30 });
    expect([from(99), from(100), from(101), from(200)]).toEqual([99_000, 100_000, 131_000, 230_000]);
  });

  test("never holds it back for good, and lets it go when it is cleared", () => {
    const faults = openFaults(() => 100_000);
    faults.set({ name: "role-propagation-never" });
    expect(knownFrom(faults, made(101))).toBe(Number.POSITIVE_INFINITY);
    expect(knownFrom(faults, made(100))).toBe(100_000);
    faults.clear();
    expect(knownFrom(faults, made(101))).toBe(101_000);
  });
});

describe("probes", () => {
  const fault = (since: number): Fault => ({ name: "never-ready", since: new Date(since).toISOString(), happened: 0 });
  const send = (on: Fault | undefined) =>
    failingWhile(() => on, new Date(1000).toISOString(), async () => ({ ok: true, refused: false, said: "" }))({ kind: "Readiness", port: 8000, initialDelaySeconds: 0, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 3, successThreshold: 1 }, { port: 1, listening: () => undefined });

  test("of a revision made since fail; of an older one, or with the switch off, they are asked", async () => {
    expect((await send(fault(999))).ok).toBe(false);
    expect((await send(fault(1000))).ok).toBe(true);
    expect((await send(undefined)).ok).toBe(true);
  });
});

describe("a registry's failures", () => {
  test("an access token that expired while it sent a blob stays expired, another one is good", () => {
    const faults = openFaults();
    const failures = openFailures(faults, "wharf");
    faults.set({ name: "push-token-expired", timesLeft: 1 });
    expect(failures.hasExpired("one", false)).toBe(false);
    expect(failures.hasExpired("one", true)).toBe(true);
    expect([failures.hasExpired("one", false), failures.hasExpired("two", true)]).toEqual([true, false]);
  });

  test("are for this registry, and for nothing but its kind of request", () => {
    const faults = openFaults();
    faults.set({ name: "registry-500", target: "wharf", requests: "token" });
    expect(openFailures(faults, "other").of("token")).toBeUndefined();
    expect([openFailures(faults, "wharf").of("push"), openFailures(faults, "wharf").of(undefined)]).toEqual([undefined, undefined]);
    expect(openFailures(faults, "wharf").of("token")?.status).toBe(500);
  });
});

describe("the control", () => {
  test("is for the owner of the miniature and nobody else", () => {
    for (const [method, path] of [["GET", ""], ["PUT", "/never-ready"], ["DELETE", ""]]) {
      expect(() => ask(openFaults(), method, path, {}, "somebody")).toThrow(expect.objectContaining({ code: "AuthorizationFailed", status: 403 }));
    }
  });

  test("sets with the table's defaults, lists and clears", () => {
    const faults = openFaults();
    expect(ask(faults, "PUT", "/registry-503", { registry: "wharf" }).body).toMatchObject({ name: "registry-503", target: "wharf", timesLeft: 2, requests: "push", happened: 0 });
    expect(ask(faults, "PUT", "/pull-denied").body).not.toHaveProperty("timesLeft");
    expect((ask(faults).body as { on: Fault[] }).on.map(({ name }) => name)).toEqual(["registry-503", "pull-denied"]);
    expect((ask(faults, "DELETE", "/pull-denied").body as { cleared: Fault[] }).cleared.map(({ name }) => name)).toEqual(["pull-denied"]);
    expect((ask(faults, "DELETE").body as { cleared: Fault[] }).cleared.map(({ name }) => name)).toEqual(["registry-503"]);
  });

  test.each<[string, unknown, RegExp]>([
    ["operation-in-progress", { times: 0 }, /^times is 0; allowed is a whole number from 1 to 1000\.$/],
    ["operation-in-progress", { times: 1.5 }, /times is 1\.5/],
    ["operation-in-progress", { times: 1001 }, /times is 1001/],
    ["operation-in-progress", { times: "2" }, /times is "2"/],
    ["role-propagation-slow", { seconds: 601 }, /seconds is 601; allowed is a whole number from 1 to 600/],
    ["role-propagation-never", { seconds: 1 }, /'seconds' is no parameter of role-propagation-never; it has none/],
    ["never-ready", { registry: "x" }, /'registry' is no parameter of never-ready; it has app/],
    ["never-ready", { app: "../x" }, /app is "..\/x"; allowed is a name of 1 to 63/],
    ["registry-500", { requests: "all" }, /requests is "all"; allowed are pull, push, token/],
  ])("%s with %j is refused with what is allowed", (name, body, said) => {
    const faults = openFaults();
    expect(() => ask(faults, "PUT", `/${name}`, body)).toThrow(expect.objectContaining({ status: 400, code: "SwitchParameterInvalid", message: expect.stringMatching(said) }));
    expect(faults.list()).toEqual([]);
  });

  test.each(["/nothing", "/constructor", "/toString"])("%s is no switch", (path) => {
    for (const method of ["PUT", "DELETE"]) expect(() => ask(openFaults(), method, path)).toThrow(expect.objectContaining({ status: 404, code: "SwitchUnknown" }));
  });

  test("other methods are named as unknown", () => {
    for (const [method, path] of [["POST", ""], ["PUT", ""], ["GET", "/never-ready"]]) expect(() => ask(openFaults(), method, path)).toThrow(expect.objectContaining({ status: 405 }));
  });

  test("its paths are none of ARM's", () => {
    expect(["/toolwharf/faults", "/toolwharf/faults/never-ready", "/toolwharf/faultsy", "/subscriptions/s/toolwharf/faults"].map(isFaultsPath)).toEqual([true, true, false, false]);
  });
});

test("the table in README.md is the table", () => {
  const readme = readFileSync(join(CHECKOUT, "local", "README.md"), "utf8");
  const rows = readme.slice(readme.indexOf("## Failure switches")).split("\n").flatMap((line) => [/^\| `([a-z0-9-]+)` \| (.*?) \| (.*?) \|/.exec(line)?.slice(1)].filter((row) => row !== undefined)).slice(0, Object.keys(FAULTS).length);
  expect(rows.map(([name, what]) => [name, what!.replaceAll("`", "")])).toEqual(Object.entries(FAULTS).map(([name, { what }]) => [name, what]));
  for (const [name, , options] of rows) {
    const { target, times, seconds, requests } = kindOf(name as FaultName);
    const wanted = [target && `--${target}`, times && `--times${times.default ? ` ${times.default}` : ""}`, seconds && `--seconds ${seconds.default}`, requests && `--requests ${requests.default}`].filter((each) => each !== undefined);
    expect([...options!.matchAll(/`(--[^`]+)`/g)].map(([, option]) => option)).toEqual(wanted);
  }
});
