import { describe, expect, jest, test } from "@jest/globals";
import type { ArmReader, ContainerAppDocument, ReplicaDocument, RevisionDocument } from "../../azure/arm-reader.ts";
import type { HttpAnswer } from "../../azure/http.ts";
import { TOOL_DEFAULTS } from "../../components/tool-settings.ts";
import type { ToolSettings } from "../../components/tool-settings.ts";
import { judge } from "../../components/verdict.ts";

const FQDN = "weather--two.calmsea-01234567.westeurope.azurecontainerapps.io";

const IMAGE = `reg.azurecr.io/tools/weather@sha256:${"d".repeat(64)}`;

interface Look {
  app?: Partial<ContainerAppDocument["properties"]> | "gone";
  revision?: Partial<RevisionDocument["properties"]>;
}

/** Azure, one look after the other; the last one stays. */
class FakeAzure {
  readonly asked: string[] = [];
  readonly urls: string[] = [];
  readonly verified = new Set<string>();
  now = 0;
  looks: Look[];
  replicas: ReplicaDocument[] = [];
  log: string[] | Error = [];
  answers: Array<number | NodeJS.ErrnoException> = [200];

  constructor(...looks: Look[]) {
    this.looks = looks;
  }

  get arm(): ArmReader {
    let look: Look = {};
    return {
      get: async () => undefined,
      containerApp: async () => {
        look = (this.looks.length > 1 ? this.looks.shift() : this.looks[0]) ?? {};
        if (look.app === "gone") return undefined;
        return { id: "app", properties: { provisioningState: "Succeeded", latestRevisionName: "weather--two", latestReadyRevisionName: "weather--two", ...look.app } };
      },
      revision: async (_app, name) => ({ name, properties: { runningState: "Running", provisioningState: "Provisioned", replicas: 1, fqdn: FQDN, template: { containers: [{ name: "tool", image: IMAGE }] }, ...look.revision } }),
      replicas: async () => this.replicas,
      consoleTail: async () => {
        if (this.log instanceof Error) throw this.log;
        return this.log;
      },
    };
  }

  judge(settings: Partial<ToolSettings> = {}, { ingressPort = 443, tools = 1, lostSeconds = 2 } = {}) {
    const candidate = { tool: "weather", folder: "tools/weather", appId: "app", appName: "weather", resourceGroupName: "group", image: IMAGE, settings: { ...TOOL_DEFAULTS, ...settings } };
    return judge(candidate, {
      arm: this.arm,
      http: {
        send: async (url): Promise<HttpAnswer> => {
          this.urls.push(url);
          const answer = (this.answers.length > 1 ? this.answers.shift() : this.answers[0])!;
          if (typeof answer !== "number") throw answer;
          return { status: answer, headers: {}, text: "" };
        },
      },
      verified: { has: (_app, revision) => this.verified.has(revision), add: (_app, revision) => void this.verified.add(revision), save: () => undefined },
      readyTimeoutSeconds: 60,
      ingressPort,
      lostSeconds,
      tools,
      clock: { now: () => this.now, sleep: async (milliseconds) => void (this.now += milliseconds) },
    });
  }
}

const systemError = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

describe("ready", () => {
  test("a revision that was never asked is asked once over HTTPS at its own address", async () => {
    const azure = new FakeAzure({});
    expect(await azure.judge()).toBeUndefined();
    expect(azure.urls).toEqual([`https://${FQDN}/health`]);
    expect(await azure.judge()).toBeUndefined();
    expect(azure.urls).toHaveLength(1);
  });

  test("the ingress's port is part of the address where it is not the usual one", async () => {
    const azure = new FakeAzure({});
    await azure.judge({ healthPath: "/up" }, { ingressPort: 8443 });
    expect(azure.urls).toEqual([`https://${FQDN}:8443/up`]);
  });

  test("is waited for, with looks that become rarer", async () => {
    const starting: Look = { app: { latestReadyRevisionName: "weather--one" }, revision: { runningState: "Processing", replicas: 1 } };
    const azure = new FakeAzure(starting, starting, starting, starting, starting, starting, starting, {});
    expect(await azure.judge()).toBeUndefined();
    expect(azure.now).toBe(100 + 200 + 400 + 800 + 1_600 + 2_000 + 2_000);
  });

  test("many tools together ask no more often than ten times a second", async () => {
    const starting: Look = { app: { latestReadyRevisionName: "weather--one" } };
    const azure = new FakeAzure(starting, starting, starting, starting, starting, {});
    await azure.judge({}, { tools: 7 });
    expect(azure.now).toBe(700 + 700 + 700 + 800 + 1_600);
  });

  test("an image that Azure does not show yet is waited for", async () => {
    const azure = new FakeAzure({ revision: { template: { containers: [{ name: "tool", image: "old" }] } } }, {});
    expect(await azure.judge()).toBeUndefined();
    expect(azure.now).toBe(100);
  });

  test("an operation that is still going on is waited for", async () => {
    const azure = new FakeAzure({ app: { provisioningState: "InProgress" } }, {});
    expect(await azure.judge()).toBeUndefined();
    expect(azure.now).toBe(100);
  });

  test("a look that finds it lost for a moment decides nothing", async () => {
    const azure = new FakeAzure({ revision: { runningState: "Failed" } }, {});
    expect(await azure.judge()).toBeUndefined();
  });

  test("an app that was deleted behind the engine's back is no success", async () => {
    expect(await new FakeAzure({ app: "gone" }).judge()).toMatchObject({ code: "APP_MISSING" });
  });
});

describe("not asked over HTTPS", () => {
  test("scaled to zero: not woken", async () => {
    const azure = new FakeAzure({ revision: { runningState: "ScaledToZero", replicas: 0 } });
    expect(await azure.judge()).toBeUndefined();
    expect(azure.urls).toEqual([]);
  });

  test.each(["internal", "ip-list"] as const)("%s: not reachable from here", async (access) => {
    const azure = new FakeAzure({});
    expect(await azure.judge({ access })).toBeUndefined();
    expect(azure.urls).toEqual([]);
  });
});

describe("not ready", () => {
  const failing: Look = { app: { latestReadyRevisionName: "weather--one" }, revision: { runningState: "Failed", provisioningError: "Startup probe failed: HTTP 500 from GET :8000/health." } };

  test("says tool, revision, cause, what was asked and answered, what serves, the last log lines and what to do", async () => {
    const azure = new FakeAzure(failing);
    azure.replicas = [
      { name: "calm", properties: { containers: [{ name: "tool", restartCount: 0 }] } },
      { name: "restless", properties: { containers: [{ name: "tool", restartCount: 4, runningState: "Running", runningStateDetails: "It restarts." }] } },
    ];
    azure.log = ["starting", "serving"];
    const failure = await azure.judge({ startupSeconds: 20 });
    expect(failure!.message.split("\n")).toEqual([
      "TOOL_NOT_READY: weather: revision weather--two is not ready after 3 s: its health path does not answer as it should (probe)",
      "  asked: GET /health on port 8000, every 2 s, 10 times (toolwharf:startupSeconds 20); 200 to 399 is ready",
      "  answered:",
      "    Startup probe failed: HTTP 500 from GET :8000/health.",
      "    It restarts.",
      "  serving: revision weather--one, as before",
      "  log of restless:",
      "    starting",
      "    serving",
      expect.stringMatching(/^ {2}next: mend tools\/weather, then run the same command again; .* az containerapp logs show --name weather --resource-group group --revision weather--two/),
    ]);
    expect(failure!.stack).toBe("");
  });

  test.each(["Failed", "ActivationFailed"])("%s for as long as is set is enough; the whole time is not waited for", async (runningState) => {
    const lost: Look = { ...failing, revision: { runningState } };
    for (const lostSeconds of [2, 30]) {
      const azure = new FakeAzure(lost);
      expect(await azure.judge({}, { lostSeconds })).toMatchObject({ code: "TOOL_NOT_READY" });
      expect(azure.now).toBeGreaterThanOrEqual(1000 * lostSeconds);
      expect(azure.now).toBeLessThan(1000 * lostSeconds + 2_000);
    }
    const again = new FakeAzure({ revision: { runningState } });
    expect(await again.judge()).toMatchObject({ code: "TOOL_NOT_READY" });
  });

  test("something else was deployed: both images, and refresh is the way", async () => {
    const failure = await new FakeAzure({ revision: { template: { containers: [{ name: "tool", image: "other" }] } } }).judge();
    expect(failure!.message.split("\n")).toEqual([
      "OTHER_DEPLOYED: weather: something else than this stack declares was deployed",
      "  value: revision weather--two runs other",
      `  allowed: ${IMAGE}`,
      expect.stringMatching(/next: pulumi refresh/),
    ]);
  });

  test("otherwise when the time is over, which is never shorter than a start may take", async () => {
    const starting: Look = { app: { latestReadyRevisionName: undefined }, revision: { runningState: "Processing" } };
    const azure = new FakeAzure(starting);
    expect((await azure.judge())!.message).toContain("serving: no revision of it");
    expect(azure.now).toBeGreaterThanOrEqual(60_000);
    expect(azure.now).toBeLessThan(63_000);
    const slow = new FakeAzure(starting);
    await slow.judge({ startupSeconds: 300 });
    expect(slow.now).toBeGreaterThanOrEqual(330_000);
  });

  test("a log that cannot be read is said so, and hides nothing", async () => {
    const azure = new FakeAzure(failing);
    azure.replicas = [{ name: "r", properties: { containers: [{ name: "tool" }] } }];
    azure.log = new Error("the log stream answered 500");
    expect((await azure.judge())!.message).toContain("(its log could not be read: the log stream answered 500)");
  });

  test.each(["Failed", "Canceled"])("the last operation %s: only another one mends it", async (provisioningState) => {
    const failure = await new FakeAzure({ app: { provisioningState } }).judge();
    expect(failure).toMatchObject({ code: "APP_NOT_PROVISIONED", message: expect.stringContaining(`provisioningState ${provisioningState}`) });
    expect(failure!.message).toContain("next: change something in tools/weather or in its settings, then run the same command again; without a change: az containerapp update --name weather --resource-group group");
    expect(failure!.message).not.toContain("refresh");
  });
});

describe("ready, but the endpoint", () => {
  test("answers wrongly: asked for a while, then a failure", async () => {
    const azure = new FakeAzure({});
    azure.answers = [404];
    const failure = await azure.judge();
    expect(failure!.message).toMatch(/^ENDPOINT_WRONG: weather: revision weather--two is ready.*\n {2}asked: GET https:\/\/weather--two.*\/health; .*\n {2}answered: status 404\n/);
    expect(azure.now).toBe(60_000);
    expect(azure.verified.size).toBe(0);
  });

  test("answers after a moment: a route takes its time", async () => {
    const azure = new FakeAzure({});
    azure.answers = [404, systemError("ECONNREFUSED"), 302];
    expect(await azure.judge()).toBeUndefined();
    expect(azure.verified.has("weather--two")).toBe(true);
  });

  test.each(["ECONNREFUSED", "CERT_HAS_EXPIRED"])("fails with %s: a failure", async (code) => {
    const azure = new FakeAzure({});
    azure.answers = [systemError(code)];
    expect(await azure.judge()).toMatchObject({ code: "ENDPOINT_WRONG" });
  });

  test.each(["ENOTFOUND", "ETIMEDOUT", "EHOSTUNREACH"])("cannot be reached from here (%s): a warning, and asked again the next time", async (code) => {
    const warned = jest.spyOn(console, "warn").mockImplementation(() => undefined);
    const azure = new FakeAzure({});
    azure.answers = [systemError(code)];
    expect(await azure.judge()).toBeUndefined();
    expect(azure.now).toBe(15_000);
    expect(azure.verified.size).toBe(0);
    expect(warned).toHaveBeenCalledWith(expect.stringContaining(`weather--two is ready, but could not be asked from this machine: connect ${code}`));
  });
});
