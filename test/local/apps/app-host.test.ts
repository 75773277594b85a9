import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createAppHost } from "../../../local/apps/app-host.ts";
import { EngineError } from "../../../local/apps/engine.ts";
import type { ProbeAnswer } from "../../../local/apps/probe-request.ts";
import type { ArmDocument } from "../../../local/arm/hosts.ts";
import type { DocumentStore } from "../../../local/document-store.ts";
import { openFaults, type Faults } from "../../../local/faults/faults.ts";
import type { Lease } from "../../../local/ingress/route.ts";
import { FakeClock, settled } from "../support/fake-clock.ts";
import { FakeEngine } from "../support/fake-engine.ts";
import { memoryStore } from "../support/memory-store.ts";

const DOMAIN = "livelyforest-01234567.westeurope.azurecontainerapps.localhost";
const ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.App/containerApps/echo";
const OK: ProbeAnswer = { ok: true, refused: false, said: "HTTP 200" };
const BROKEN: ProbeAnswer = { ok: false, refused: false, said: "HTTP 500 from GET :8000/health" };

let clock: FakeClock;
let engine: FakeEngine;
let store: DocumentStore;
let folder: string;
let host: ReturnType<typeof createAppHost>;
/** What probes are answered, by their kind or by the replica's port on the machine; else it is `everywhere`. */
let answers: Map<string | number, ProbeAnswer>;
let everywhere: ProbeAnswer;
let faults: Faults;

const start = async () => {
  host = createAppHost({
    instance: "01234567",
    store,
    engine,
    clock,
    logFolder: folder,
    registries: { has: () => false, pullCredential: () => Promise.reject(new Error("no registry")), resolve: () => Promise.reject(new Error("no registry")) },
    environments: { membershipOf: async () => ({ network: "network", nameServer: "10.0.0.2", authorityFile: "/ca.pem" }), defaultDomainOf: () => DOMAIN },
    faults,
    shareOf: (_environment, name) => (name === "data" ? { accountName: "wharfdata", shareName: "notes", accessMode: "ReadWrite" } : undefined),
    sendProbe: async ({ kind }, { port }) => answers.get(kind) ?? answers.get(port) ?? everywhere,
  });
  await host.start();
  await settled();
};
beforeEach(async () => {
  clock = new FakeClock();
  engine = new FakeEngine(clock);
  store = memoryStore();
  folder = mkdtempSync(join(tmpdir(), "toolwharf-apps-"));
  answers = new Map();
  everywhere = OK;
  faults = openFaults(() => clock.now());
  await start();
});
afterEach(() => {
  host.close();
  rmSync(folder, { recursive: true });
});

const app = (image: string, more: { scale?: object; template?: object; configuration?: object } = {}): ArmDocument => ({
  id: ID,
  name: "echo",
  type: "Microsoft.App/containerApps",
  properties: {
    environmentId: "env",
    configuration: { ingress: { external: true, targetPort: 8000 }, ...more.configuration },
    template: {
      containers: [
        {
          name: "main",
          image,
          probes: (["Startup", "Readiness", "Liveness"] as const).map((type) => ({ type, httpGet: { path: "/health", port: 8000 }, periodSeconds: 5, failureThreshold: 3 })),
        },
      ],
      scale: { minReplicas: 1, maxReplicas: 5, ...more.scale },
      ...more.template,
    },
  },
});
const apply = async (image: string, more = {}) => {
  await host.apply(app(image, more));
  await clock.pass(100);
  return host.status(ID).latestRevisionName!;
};
const states = () => host.revisions(ID).map(({ properties }) => properties.runningState);
const state = () => host.revisions(ID).at(-1)!.properties;
const lease = (name = "echo"): Promise<Lease | undefined> => host.routeOf(`${name}.${DOMAIN}`)!.lease(new Set());

describe("crashes", () => {
  const crash = async () => {
    engine.end(engine.running()[0]!, 3);
    await settled();
  };

  test("are answered after 1 s, 10 s, 20 s; the third in a row fails the revision, and it may recover", async () => {
    await apply("a");
    await crash();
    expect(state()).toMatchObject({ runningState: "Degraded", healthState: "Unhealthy", runningStateDetails: "Container crashing: main. It ended with exit code 3." });
    for (const [seconds, ends] of [[1, 1], [10, 2], [20, 3]] as const) {
      await clock.pass(seconds * 1000 - 1);
      expect(engine.running()).toEqual([]);
      expect(state().runningState).toBe(ends === 3 ? "Failed" : "Degraded");
      await clock.pass(1);
      expect(engine.running()).toHaveLength(1);
      expect(state().runningState).toBe("Running");
      if (ends < 3) await crash();
    }
    expect(host.replicas(ID, host.status(ID).latestRevisionName!)[0]!.properties.containers).toMatchObject([{ restartCount: 3 }]);
  });

  test("after ten good minutes count as the first again", async () => {
    await apply("a");
    await crash();
    await clock.pass(1000);
    await clock.pass(600_000);
    await crash();
    await clock.pass(1000);
    expect(engine.running()).toHaveLength(1);
  });

  test("a container that somebody removed has not crashed", async () => {
    await apply("a");
    for (let time = 0; time < 4; time += 1) {
      const [id] = engine.running();
      engine.end(id!, 137);
      engine.containers.delete(id!);
      await clock.pass(1300);
      expect(engine.running()).toHaveLength(1);
      expect(state().runningState).toBe("Running");
    }
  });

  test("one that no event told of is found within 5 s", async () => {
    await apply("a");
    engine.containers.clear();
    await clock.pass(5_000);
    await clock.pass(1_000);
    expect(engine.running()).toHaveLength(1);
  });

  test("an image that somebody removed from the engine is pulled again", async () => {
    await apply("a");
    engine.failRun = new EngineError("image-missing", "No such image: a");
    await crash();
    await clock.pass(1000);
    expect(engine.pulled).toEqual(["a", "a"]);
    expect(engine.running()).toHaveLength(1);
  });
});

describe("probes", () => {
  test("a startup probe that has used up its failures fails the revision and replaces the container, until it passes", async () => {
    everywhere = BROKEN;
    await apply("a");
    expect(state()).toMatchObject({ runningState: "Processing", provisioningState: "Provisioning", runningStateDetails: "Activating" });
    await clock.pass(10_000);
    expect(state()).toMatchObject({ runningState: "Failed", provisioningState: "Failed", runningStateDetails: "Startup probe failed: HTTP 500 from GET :8000/health." });
    everywhere = OK;
    await clock.pass(2_000);
    expect(state()).toMatchObject({ runningState: "Running", provisioningState: "Provisioned", runningStateDetails: "" });
    expect(host.status(ID).latestReadyRevisionName).toBe(host.status(ID).latestRevisionName);
  });

  test("readiness that fails takes the replica out of the traffic and leaves it running", async () => {
    await apply("a");
    answers.set("Readiness", BROKEN);
    await clock.pass(14_000);
    expect(await lease()).toBeDefined();
    await clock.pass(1_000);
    expect(await lease()).toBeUndefined();
    expect(state()).toMatchObject({ runningState: "Degraded", runningStateDetails: "Readiness probe failed: HTTP 500 from GET :8000/health." });
    expect(engine.running()).toEqual(["c1"]);
    answers.clear();
    await clock.pass(5_000);
    expect(await lease()).toBeDefined();
  });

  test("liveness that fails replaces the container", async () => {
    await apply("a");
    answers.set("Liveness", BROKEN);
    await clock.pass(16_000);
    expect(engine.running()).toEqual(["c2"]);
    expect(engine.stopped).toHaveLength(1);
  });
});

describe("revisions in Single mode", () => {
  test("the old one serves until all replicas of the new one are ready; then it ends after its requests", async () => {
    const first = await apply("a", { scale: { minReplicas: 2 } });
    const open = (await lease())!;
    everywhere = BROKEN;
    const second = await apply("b", { scale: { minReplicas: 2 } });
    expect(host.status(ID)).toMatchObject({ latestRevisionName: second, latestReadyRevisionName: first });
    const [one] = engine.running(second);
    answers.set(engine.containers.get(one!)!.ports[8000]!, OK);
    await clock.pass(5_000);
    expect(host.status(ID).latestReadyRevisionName).toBe(first);
    everywhere = OK;
    await clock.pass(5_000);
    expect(host.status(ID).latestReadyRevisionName).toBe(second);
    expect(states()).toEqual(["Stopped", "Running"]);
    expect(engine.running(first)).toHaveLength(1);
    open.done();
    await settled();
    expect(engine.running(first)).toEqual([]);
    expect(engine.stopped.map(({ graceSeconds }) => graceSeconds)).toEqual([30, 30]);
  });

  test("a request that never ends is given 240 s; a WebSocket is not waited for", async () => {
    const first = await apply("a", { template: { terminationGracePeriodSeconds: 7 } });
    const request = (await lease())!;
    const socket = (await lease())!;
    socket.upgraded();
    await apply("b");
    await clock.pass(239_000);
    expect(engine.running(first)).toHaveLength(1);
    await clock.pass(1_000);
    expect(engine.running(first)).toEqual([]);
    expect(engine.stopped[0]!.graceSeconds).toBe(7);
    request.done();

    const third = await lease();
    third!.upgraded();
    await apply("c");
    expect(engine.running()).toHaveLength(1);
  });

  test("one that was superseded before it was ready is given up", async () => {
    const first = await apply("a");
    everywhere = BROKEN;
    const second = await apply("b");
    const third = await apply("c");
    expect(host.revisions(ID).map(({ name, properties }) => [name, properties.active])).toEqual([[first, true], [second, false], [third, true]]);
    expect(engine.running(second)).toEqual([]);
  });

  test("the suffix of the template names it, and a suffix used before makes none", async () => {
    expect(await apply("a", { template: { revisionSuffix: "one" } })).toBe("echo--one");
    await apply("b", { template: { revisionSuffix: "two" } });
    await apply("c", { template: { revisionSuffix: "one" } });
    expect(host.revisions(ID).map(({ name }) => name)).toEqual(["echo--one", "echo--two"]);
    expect(engine.pulled).toEqual(["a", "b"]);
  });

  test("of the inactive ones so many are kept as maxInactiveRevisions says, the newest", async () => {
    for (const image of ["a", "b", "c", "d"]) await apply(image, { configuration: { ingress: { external: true, targetPort: 8000 }, maxInactiveRevisions: 2 } });
    expect(host.revisions(ID).map(({ properties }) => (properties.template as { containers: Array<{ image: string }> }).containers[0]!.image)).toEqual(["b", "c", "d"]);
  });

  test("another target port replaces the replicas, which serve until the new ones are ready", async () => {
    await apply("a");
    const [before] = engine.running();
    await host.apply(app("a", { configuration: { ingress: { external: true, targetPort: 9000 } } }));
    expect(engine.containers.get(engine.running().at(-1)!)!.spec.ports).toEqual([9000, 8000]);
    await clock.pass(100);
    expect(engine.running()).not.toContain(before);
    expect(host.revisions(ID)).toHaveLength(1);
  });

  test("a new one has as many replicas as the one before had, within its own limits", async () => {
    await apply("a", { scale: { minReplicas: 4 } });
    const second = await apply("b", { scale: { minReplicas: 0, maxReplicas: 3 } });
    expect(engine.running(second)).toHaveLength(3);
  });
});

describe("revisions in Multiple mode", () => {
  const multiple = (traffic?: object[], more: object = {}) => ({ configuration: { activeRevisionsMode: "Multiple", ingress: { external: true, targetPort: 8000, ...(traffic && { traffic }) }, ...more } });
  const named = (suffix: string, traffic?: object[]) => ({ ...multiple(traffic), template: { revisionSuffix: suffix } });
  const images = new Map<number, string>();
  const served = async (count: number, name = "echo") => {
    for (const { ports, spec } of engine.containers.values()) images.set(ports[8000]!, spec.image);
    const leases = await Promise.all(Array.from({ length: count }, async () => (await lease(name))!));
    for (const each of leases) each.done();
    return leases.map(({ port }) => images.get(port)).sort().join("");
  };
  const weights = () => host.revisions(ID).map(({ properties }) => [properties.active, properties.trafficWeight]);
  const split = (old: number) => [{ latestRevision: true, weight: 100 - old }, { revisionName: "echo--one", weight: old, label: "stable" }];

  test("all stay active, and without weights the latest that is ready has the traffic", async () => {
    const first = await apply("a", multiple());
    everywhere = BROKEN;
    answers.set(40_001, OK);
    const second = await apply("b", multiple());
    expect(weights()).toEqual([[true, 100], [true, 0]]);
    expect(await served(3)).toBe("aaa");
    everywhere = OK;
    await clock.pass(12_000);
    expect(host.status(ID)).toMatchObject({ latestReadyRevisionName: second, runningStatus: "Running" });
    expect(weights()).toEqual([[true, 0], [true, 100]]);
    expect(await served(3)).toBe("bbb");
    expect(await served(2, first)).toBe("aa");
    await clock.pass(1_000_000);
    expect(engine.running()).toHaveLength(2);
  });

  test("requests go by weight, and weights alone make no revision", async () => {
    await apply("a", named("one"));
    await apply("b", named("two", split(80)));
    expect(weights()).toEqual([[true, 80], [true, 20]]);
    expect(await served(10)).toBe("aaaaaaaabb");
    const before = engine.running();
    await apply("b", named("two", split(30)));
    expect(weights()).toEqual([[true, 30], [true, 70]]);
    expect(await served(10)).toBe("aaabbbbbbb");
    await apply("b", named("two", split(0)));
    expect(await served(5)).toBe("bbbbb");
    expect(engine.running()).toEqual(before);
    expect(host.revisions(ID)).toHaveLength(2);
  });

  test("a label leads to its revision, whatever the weight, for as long as it has it and is active", async () => {
    await apply("a", named("one"));
    await apply("b", named("two", [...split(0), { revisionName: "echo--two", weight: 0, label: "next" }]));
    expect(await served(3, "echo---stable")).toBe("aaa");
    expect(await served(3, "echo---next")).toBe("bbb");
    expect(host.routeOf(`echo---none.${DOMAIN}`)).toBeUndefined();
    await apply("b", named("two", [{ latestRevision: true, weight: 100, label: "stable" }]));
    expect(await served(3, "echo---stable")).toBe("bbb");
    expect(host.routeOf(`echo---next.${DOMAIN}`)).toBeUndefined();
    await apply("b", named("two", split(0)));
    await host.deactivateRevision(ID, "echo--one");
    expect(host.routeOf(`echo---stable.${DOMAIN}`)).toBeUndefined();
  });

  test("inside its environment, and there alone, an app has its bare name and names with internal", async () => {
    await apply("a", named("one"));
    const from = (environment: string | undefined, name: string) => host.routeOf(name, environment)?.external;
    for (const name of ["echo", `echo.internal.${DOMAIN}`, `echo--one.internal.${DOMAIN}`]) {
      expect([from("ENV", name), from("other", name), from(undefined, name)]).toEqual([true, undefined, undefined]);
    }
    for (const name of ["echo--one", "echo---stable", "ech", "echo."]) expect(from("env", name)).toBeUndefined();
    expect(host.routeOf("echo", "env")!.hostName).toBe(`echo.${DOMAIN}`);
    await host.apply(app("a", { configuration: { ingress: { external: false, targetPort: 8000 } } }));
    for (const name of ["echo", `echo.internal.${DOMAIN}`]) expect(from("env", name)).toBe(true);
    expect([from("other", `echo.internal.${DOMAIN}`), from(undefined, `echo.internal.${DOMAIN}`)]).toEqual([false, false]);
    expect(from("env", `echo.${DOMAIN}`)).toBeUndefined();
    expect(host.routeOf("echo", "env")!.hostName).toBe(`echo.internal.${DOMAIN}`);
  });

  test("a revision that is given all traffic when it is made serves from when it is ready", async () => {
    await apply("a", named("one"));
    everywhere = BROKEN;
    answers.set(40_001, OK);
    await apply("b", named("two", [{ revisionName: "echo--two", weight: 100 }]));
    expect(weights()).toEqual([[true, 0], [true, 100]]);
    expect(await served(3)).toBe("aaa");
    everywhere = OK;
    await clock.pass(12_000);
    expect(await served(3)).toBe("bbb");
  });

  test("one that is deactivated ends after its requests, and its share is lost until the weights change or it is activated", async () => {
    await apply("a", named("one"));
    await apply("b", named("two", split(50)));
    const open = (await lease("echo--one"))!;
    await host.deactivateRevision(ID, "echo--one");
    expect(weights()).toEqual([[false, 50], [true, 50]]);
    expect(engine.running("echo--one")).toHaveLength(1);
    open.done();
    await settled();
    expect(engine.running("echo--one")).toEqual([]);
    expect((await Promise.all([lease(), lease()])).filter((each) => each === undefined)).toHaveLength(1);
    await host.activateRevision(ID, "echo--one");
    await clock.pass(100);
    expect(await served(4)).toBe("aabb");
    await host.deactivateRevision(ID, "echo--two");
    expect(host.status(ID)).toMatchObject({ latestRevisionName: "echo--two", latestReadyRevisionName: "echo--one", runningStatus: "Running" });
    expect(await served(4)).toBe("aaaa");
    await host.deactivateRevision(ID, "echo--one");
    expect(host.status(ID).runningStatus).toBe("Stopped");
  });

  test("of a share at zero replicas a request waits for that revision, though another is ready", async () => {
    await apply("a", { ...named("one"), scale: { minReplicas: 0, cooldownPeriod: 60 } });
    await apply("b", named("two", split(50)));
    await clock.pass(61_000);
    expect(engine.running("echo--one")).toEqual([]);
    const [running] = engine.running("echo--two");
    everywhere = { ok: false, refused: true, said: "connection refused" };
    answers.set(engine.containers.get(running!)!.ports[8000]!, OK);
    expect((await lease())!.port).toBe(engine.containers.get(running!)!.ports[8000]);
    const waiting = lease();
    await clock.pass(2_000);
    everywhere = OK;
    await clock.pass(1_000);
    const [woken] = engine.running("echo--one");
    expect((await waiting)!.port).toBe(engine.containers.get(woken!)!.ports[8000]);
  });

  test("a new one begins with its least number of replicas, whatever the others have", async () => {
    await apply("a", { ...named("one"), scale: { minReplicas: 4 } });
    await apply("b", named("two"));
    expect(engine.running("echo--two")).toHaveLength(1);
  });

  test("weights are not for Single mode", async () => {
    await apply("a", { template: { revisionSuffix: "one" } });
    await apply("b", { template: { revisionSuffix: "two" }, configuration: { activeRevisionsMode: "Single", ingress: { external: true, targetPort: 8000, traffic: split(80) } } });
    expect(weights()).toEqual([[false, 0], [true, 100]]);
  });

  test("inactive ones that the traffic names are kept beyond the limit", async () => {
    const limited = (traffic: object[]) => multiple(traffic, { maxInactiveRevisions: 0 });
    for (const suffix of ["one", "two", "three"]) await apply(suffix, { ...limited(split(10)), template: { revisionSuffix: suffix } });
    await host.deactivateRevision(ID, "echo--one");
    await host.deactivateRevision(ID, "echo--two");
    await clock.pass(100);
    await apply("three", { ...limited(split(10)), template: { revisionSuffix: "three" } });
    expect(host.revisions(ID).map(({ name }) => name)).toEqual(["echo--one", "echo--three"]);
  });

  test("from Single and back: nothing is lost on the way there, only the latest is left on the way back", async () => {
    await apply("a", { template: { revisionSuffix: "one" } });
    await apply("a", named("one"));
    expect(engine.running()).toEqual(["c1"]);
    await apply("b", named("two", split(50)));
    expect(weights()).toEqual([[true, 50], [true, 50]]);
    await apply("b", { template: { revisionSuffix: "two" } });
    expect(weights()).toEqual([[false, 0], [true, 100]]);
    expect(await served(2)).toBe("bb");
    expect(engine.running("echo--one")).toEqual([]);
    await expect(host.activateRevision(ID, "echo--one")).rejects.toMatchObject({ code: "NotEmulated" });
    await apply("b", named("two"));
    await host.activateRevision(ID, "echo--one");
    expect(weights()).toEqual([[true, 0], [true, 100]]);
  });

  test("a daemon that starts again goes on with all of them and their shares", async () => {
    await apply("a", named("one"));
    await apply("b", named("two", split(50)));
    const before = engine.running();
    host.close();
    await start();
    expect(engine.running()).toEqual(before);
    expect(await served(4)).toBe("aabb");
  });
});

describe("scale to zero", () => {
  const zero = { scale: { minReplicas: 0 } };

  test("comes 300 s after the last request, and not while one is open", async () => {
    await apply("a", zero);
    await clock.pass(200_000);
    const open = (await lease())!;
    await clock.pass(299_000);
    expect(engine.running()).toHaveLength(1);
    await clock.pass(400_000);
    expect(engine.running()).toHaveLength(1);
    open.done();
    await clock.pass(300_000);
    expect(engine.running()).toEqual([]);
    expect(state()).toMatchObject({ runningState: "ScaledToZero", replicas: 0, active: true, trafficWeight: 100, healthState: "Healthy" });
    expect(host.status(ID).runningStatus).toBe("Running");
  });

  test("never, with minReplicas of one", async () => {
    await apply("a");
    await clock.pass(10_000_000);
    expect(engine.running()).toHaveLength(1);
  });

  test("a request that comes then waits for the one replica it starts, as do those behind it", async () => {
    await apply("a", zero);
    await clock.pass(301_000);
    everywhere = { ok: false, refused: true, said: "connection refused" };
    const waiting = [lease(), lease()];
    await clock.pass(2_000);
    expect(engine.running()).toHaveLength(1);
    everywhere = OK;
    await clock.pass(1_000);
    const [one, other] = await Promise.all(waiting);
    expect(one!.port).toBe(other!.port);
  });

  test("a request that waits is let go when the replica fails to start", async () => {
    await apply("a", zero);
    await clock.pass(301_000);
    everywhere = BROKEN;
    const waiting = lease();
    await clock.pass(11_000);
    expect(await waiting).toBeUndefined();
  });

  test("a deployment upon zero starts one replica, and takes over", async () => {
    await apply("a", zero);
    await clock.pass(301_000);
    const second = await apply("b", zero);
    expect(host.status(ID).latestReadyRevisionName).toBe(second);
    expect(engine.running(second)).toHaveLength(1);
  });
});

describe("scale by requests", () => {
  const rule = { scale: { minReplicas: 1, maxReplicas: 3, rules: [{ name: "http", http: { metadata: { concurrentRequests: "2" } } }] } };
  const open = async (count: number) => Promise.all(Array.from({ length: count }, async () => (await lease())!));

  test("out to what they ask for, at most maxReplicas; new replicas serve when they are ready, and ARM shows them all", async () => {
    const revision = await apply("a", rule);
    await open(4);
    answers.set(40_001, OK);
    everywhere = { ok: false, refused: true, said: "connection refused" };
    await clock.pass(15_000);
    expect(engine.running()).toHaveLength(2);
    expect(state()).toMatchObject({ replicas: 2, runningState: "Processing", healthState: "Healthy", runningStateDetails: "Scaling", trafficWeight: 100 });
    expect((await lease())!.port).toBe(40_001);
    everywhere = OK;
    await clock.pass(1_000);
    expect(state()).toMatchObject({ replicas: 2, runningState: "Running" });
    await open(20);
    await clock.pass(15_000);
    expect(engine.running()).toHaveLength(3);
    expect(state()).toMatchObject({ replicas: 3, runningState: "RunningAtMaxScale" });
    expect(host.replicas(ID, revision).map(({ properties }) => properties.runningState)).toEqual(["Running", "Running", "Running"]);
  });

  test("requests go where the fewest are open", async () => {
    await apply("a", { scale: { minReplicas: 2 } });
    const [first, second] = await open(2);
    expect(first!.port).not.toBe(second!.port);
    first!.done();
    expect(new Set((await open(1)).map(({ port }) => port))).toEqual(new Set([first!.port]));
    expect((await open(4)).filter(({ port }) => port === first!.port)).toHaveLength(2);
  });

  test("in, a replica takes no new request, ends those it has, then gets SIGTERM and its grace", async () => {
    await apply("a", rule);
    const held = await open(4);
    await clock.pass(15_000);
    held.push(...(await open(2)));
    const slow = held.find(({ port }) => port === 40_001)!;
    for (const each of held) if (each !== slow) each.done();
    await clock.pass(300_000);
    expect(state()).toMatchObject({ replicas: 1, runningState: "Running" });
    expect(engine.running()).toEqual(["c1", "c2"]);
    expect((await open(6)).map(({ port }) => port)).toEqual(Array(6).fill(40_002));
    slow.done();
    await settled();
    expect(engine.running()).toEqual(["c2"]);
    expect(engine.stopped.map(({ graceSeconds }) => graceSeconds)).toEqual([30]);
  });

  test("a new revision begins with as many, and is scaled in when nothing asks for them", async () => {
    await apply("a", rule);
    const held = await open(6);
    await clock.pass(15_000);
    const second = await apply("b", rule);
    expect(engine.running(second)).toHaveLength(3);
    for (const each of held) each.done();
    await clock.pass(301_000);
    expect(engine.running()).toHaveLength(1);
  });

  test("a daemon that starts again keeps the replicas it finds, and scales in later", async () => {
    await apply("a", rule);
    const held = await open(6);
    await clock.pass(15_000);
    for (const each of held) each.done();
    host.close();
    await start();
    await clock.pass(290_000);
    expect(engine.running()).toHaveLength(3);
    await clock.pass(15_000);
    expect(engine.running()).toHaveLength(1);
  });
});

describe("a daemon that ends and starts again", () => {
  test("goes on with the containers it finds, ready ones at once, and removes those without an owner", async () => {
    const revision = await apply("a");
    const before = engine.running();
    await engine.run({ ...engine.containers.get(before[0]!)!.spec, labels: { "toolwharf.app": ID, "toolwharf.revision": "echo--gone", "toolwharf.replica": "echo--gone-1" } });
    host.close();
    everywhere = BROKEN;
    await start();
    expect(engine.running()).toEqual(before);
    expect(await lease()).toBeDefined();
    expect(await host.logs(ID, "echo--gone", "echo--gone-1", "main")).toBe("log of c2\n");
    expect(host.status(ID).latestReadyRevisionName).toBe(revision);
  });

  test.each([
    ["../../other", "echo--a-1"],
    ["echo--a", "../../../secret"],
    ["echo--a/..", "x"],
    ["", "x"],
  ])("has no log of revision '%s', replica '%s'", async (revision, replica) => {
    await expect(host.logs(ID, revision, replica, "main")).rejects.toMatchObject({ status: 404 });
  });

  test("replaces what ended meanwhile and finishes what it had begun", async () => {
    const first = await apply("a");
    everywhere = BROKEN;
    const second = await apply("b");
    host.close();
    for (const id of engine.running(second)) engine.containers.delete(id);
    everywhere = OK;
    await start();
    await clock.pass(1_000);
    expect(host.status(ID).latestReadyRevisionName).toBe(second);
    expect(engine.running(first)).toEqual([]);
    expect(engine.running(second)).toHaveLength(1);
  });

  test("a request that comes before the lost container is replaced waits for it", async () => {
    await apply("a");
    host.close();
    engine.containers.clear();
    everywhere = { ok: false, refused: true, said: "connection refused" };
    await start();
    const waiting = lease();
    everywhere = OK;
    await clock.pass(100);
    expect(await waiting).toBeDefined();
  });

  test("scaled to zero stays so", async () => {
    await apply("a", { scale: { minReplicas: 0 } });
    await clock.pass(301_000);
    host.close();
    await start();
    expect(engine.running()).toEqual([]);
    expect(state().runningState).toBe("ScaledToZero");
  });
});

test("removed while an old revision still ends, it is removed whole", async () => {
  const first = await apply("a");
  await lease();
  await apply("b");
  expect(engine.running(first)).toHaveLength(1);
  await host.remove(ID);
  expect([...engine.containers.keys()]).toEqual([]);
  await clock.pass(300_000);
  expect(store.list("apps/")).toEqual([]);
});

test("secrets are in the container's environment and in no document", async () => {
  const document = app("a", { configuration: { secrets: [{ name: "key", value: "hidden-value" }] } });
  (document.properties.template as { containers: object[] }).containers[0] = { name: "main", image: "a", env: [{ name: "KEY", secretRef: "key" }] };
  await host.apply(document);
  expect(engine.containers.get("c1")!.spec.env).toContain("KEY=hidden-value");
  expect(JSON.stringify([host.revisions(ID), host.replicas(ID, host.status(ID).latestRevisionName!)])).not.toContain("hidden-value");
});

test("a replica's own volumes are gone when it is; a share stays", async () => {
  const volumes = [{ name: "scratch", storageType: "EmptyDir" }, { name: "files", storageType: "AzureFile", storageName: "data" }, { name: "unused", storageType: "EmptyDir" }];
  const document = app("a", { template: { volumes } });
  const { containers } = document.properties["template"] as { containers: object[] };
  Object.assign(containers[0]!, { volumeMounts: [{ volumeName: "scratch", mountPath: "/scratch" }, { volumeName: "files", mountPath: "/files" }] });
  await host.apply(document);
  await clock.pass(100);
  const [replica] = host.replicas(ID, host.status(ID).latestRevisionName!);
  expect([...engine.volumes.keys()]).toEqual([`toolwharf-01234567-${replica!.name}-scratch`, "toolwharf-01234567-share-wharfdata-notes"]);
  await host.remove(ID);
  expect([...engine.volumes.keys()]).toEqual(["toolwharf-01234567-share-wharfdata-notes"]);
});

describe("failure switches", () => {
  const names = () => host.revisions(ID).map(({ properties }) => [properties.active, properties.healthState]);
  const passed = async () => {
    await clock.pass(30_000);
    await settled();
  };

  test("never-ready fails new revisions only, and no longer than it is on", async () => {
    await host.apply(app("one"));
    await passed();
    faults.set({ name: "never-ready", target: "echo" });
    await clock.pass(1);
    await host.apply(app("two"));
    await passed();
    expect(names()).toEqual([[true, "Healthy"], [true, "Unhealthy"]]);
    expect(host.revisions(ID)[1]!.properties.runningStateDetails).toMatch(/by the failure switch never-ready/);
    faults.clear();
    await passed();
    expect(names()).toEqual([[false, expect.anything()], [true, "Healthy"]]);
  });

  test("pull-denied refuses a revision in Azure's words, and makes none", async () => {
    faults.set({ name: "pull-denied", target: "other" });
    await host.apply(app("registry.example/tools/echo:1"));
    faults.set({ name: "pull-denied", target: "echo", timesLeft: 1 });
    await expect(host.apply(app("registry.example/tools/echo:2"))).rejects.toMatchObject({
      code: "ContainerAppOperationError",
      message: expect.stringContaining("UNAUTHORIZED: authentication required, visit https://aka.ms/acr/authorization for more information.; [map[Action:pull Name:tools/echo Type:repository]]"),
    });
    expect(host.revisions(ID)).toHaveLength(1);
    await host.apply(app("registry.example/tools/echo:2"));
    expect(host.revisions(ID)).toHaveLength(2);
  });
});
