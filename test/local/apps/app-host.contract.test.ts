import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { askSteadily } from "../../support/steady-client.ts";
import { RunningHosts } from "../support/running-hosts.ts";

jest.setTimeout(30_000);

const hosts = new RunningHosts();
beforeAll(async () => {
  await hosts.start();
  await hosts.pushImage();
}, 60_000);
afterAll(() => hosts.dispose(), 60_000);

const TCP_PROBES = [{ type: "Startup", tcpSocket: { port: 8000 }, periodSeconds: 1, failureThreshold: 2 }];
const probes = (path: string) => [{ type: "Startup", httpGet: { path, port: 8000 }, periodSeconds: 1, failureThreshold: 2 }];

describe("an app that runs", () => {
  const app = hosts.document;
  const document = (env: Record<string, string>, more = {}) => app.call(hosts, "alpha", env, more);
  const id = () => document({}).id;

  test("is ready, answers over HTTPS, and says so in Azure's words", async () => {
    const revision = await hosts.ready(document({ SAYS: "one" }));
    expect(revision).toMatch(/^alpha--[a-z0-9]{7}$/);
    expect(await hosts.ask("alpha")).toMatchObject({ status: 200, body: "one" });
    expect(await hosts.ask(revision)).toMatchObject({ status: 200, body: "one" });
    expect(hosts.state(document({}))).toMatchObject({ active: true, trafficWeight: 100, replicas: 1, runningState: "Running", healthState: "Healthy", provisioningState: "Provisioned", fqdn: `${revision}.${hosts.domain}` });
    expect(hosts.apps.status(id())).toEqual({
      latestRevisionName: revision,
      latestReadyRevisionName: revision,
      latestRevisionFqdn: `${revision}.${hosts.domain}`,
      runningStatus: "Running",
    });
  });

  test("its container is limited, on loopback only, and has Azure's variables but no identity", async () => {
    const [container] = await hosts.containers(document({}));
    expect(container!.Labels).toMatchObject({ "toolwharf.instance": hosts.layout.instance, "toolwharf.app": id(), "toolwharf.revision": expect.stringMatching(/^alpha--/) });
    expect(container!.Ports.map(({ IP }) => IP)).toEqual(["127.0.0.1"]);
    const { HostConfig, Config, Name } = await hosts.docker.getContainer(container!.Id).inspect();
    expect(Name).toBe(`/toolwharf-${hosts.layout.instance}-${container!.Labels["toolwharf.replica"]}`);
    expect(HostConfig).toMatchObject({ NanoCpus: 250_000_000, Memory: 512 * 1024 * 1024, MemorySwap: 512 * 1024 * 1024, PidsLimit: 1024, SecurityOpt: ["no-new-privileges"], Privileged: false, RestartPolicy: { Name: "no" } });
    const names = Config.Env.map((each) => each.split("=")[0]).filter((name) => name !== "PATH");
    expect(names.sort()).toEqual(["CONTAINER_APP_ENV_DNS_SUFFIX", "CONTAINER_APP_HOSTNAME", "CONTAINER_APP_NAME", "CONTAINER_APP_PORT", "CONTAINER_APP_REPLICA_NAME", "CONTAINER_APP_REVISION", "SAYS"]);
  });

  test("the same template, or another ingress or tag, makes no new revision", async () => {
    const before = await hosts.containers(document({}));
    await hosts.apps.apply({ ...document({ SAYS: "one" }, { template: { revisionSuffix: "", containers: document({ SAYS: "one" }).properties.template!["containers" as never] } }), tags: { a: "b" } });
    await hosts.apps.apply(document({ SAYS: "one" }, { ingress: { allowInsecure: true } }));
    expect(hosts.apps.revisions(id())).toHaveLength(1);
    expect((await hosts.containers(document({}))).map(({ Id }) => Id)).toEqual(before.map(({ Id }) => Id));
  });

  test("another template takes over without a failed request, and a request that is open ends well", async () => {
    const slow = hosts.ask("alpha", "/slow/1500");
    const client = askSteadily(hosts.url("alpha"), hosts.caFile, 20);
    await sleep(300);
    const revision = await hosts.ready(document({ SAYS: "two" }));
    await sleep(700);
    const { asked, failures, bodies } = await client.stop();
    expect(failures).toEqual([]);
    expect(asked).toBeGreaterThan(15);
    expect([...bodies]).toEqual(["one", "two"]);
    expect(await slow).toMatchObject({ status: 200, body: "one" });
    await hosts.until(async () => (await hosts.containers(document({}))).length === 1);
    expect(hosts.apps.revisions(id()).map(({ properties }) => [properties.active, properties.runningState])).toEqual([[false, "Stopped"], [true, "Running"]]);
    expect((await hosts.containers(document({})))[0]!.Labels["toolwharf.revision"]).toBe(revision);
  });

  test("a container removed by hand is replaced", async () => {
    const [before] = await hosts.containers(document({}));
    await hosts.docker.getContainer(before!.Id).remove({ force: true });
    await hosts.until(async () => (await hosts.ask("alpha")).status === 200);
    const [after] = await hosts.containers(document({}));
    expect(after!.Id).not.toBe(before!.Id);
    expect(after!.Labels["toolwharf.replica"]).toBe(before!.Labels["toolwharf.replica"]);
  });

  test("a crash is answered by a restart that is counted, and its last words are kept", async () => {
    await hosts.ask("alpha", "/exit/7");
    await hosts.until(async () => (await hosts.ask("alpha")).status === 200);
    const revision = hosts.apps.status(id()).latestRevisionName!;
    const [replica] = hosts.apps.replicas(id(), revision);
    expect(replica!.properties.containers).toMatchObject([{ restartCount: 2, ready: true }]);
    expect(await hosts.apps.logs(id(), revision, replica!.name, "main", 300)).toMatch(/asked to end with 7\nstarting alpha--[a-z0-9]+\nlistening on/);
    expect(await hosts.apps.logs(id(), revision, replica!.name, "main", 1)).toMatch(/^listening on .*\n$/);
  });

  test("a host that starts again finds its containers, ends those without an owner, and routes at once", async () => {
    const before = await hosts.containers(document({}));
    hosts.apps.close();
    const orphan = await hosts.docker.createContainer({
      Image: `${hosts.image}:v1`,
      Labels: { "toolwharf.instance": hosts.layout.instance, "toolwharf.app": id(), "toolwharf.revision": "alpha--gone", "toolwharf.replica": "alpha--gone-1-1" },
    });
    await orphan.start();
    await hosts.startApps();
    expect(await hosts.ask("alpha")).toMatchObject({ status: 200, body: "two" });
    await hosts.until(async () => (await hosts.containers(document({}))).length === 1);
    expect((await hosts.containers(document({}))).map(({ Id }) => Id)).toEqual(before.map(({ Id }) => Id));
  });

  test("an activation that was interrupted goes on, and a container that ended meanwhile is replaced", async () => {
    await hosts.apps.apply(document({ SAYS: "three", LISTEN_AFTER_MS: "600" }));
    hosts.apps.close();
    for (const { Id, Labels } of await hosts.containers(document({}))) {
      if (Labels["toolwharf.revision"] !== hosts.apps.status(id()).latestRevisionName) await hosts.docker.getContainer(Id).kill();
    }
    await hosts.startApps();
    await hosts.until(async () => (await hosts.ask("alpha")).body === "three");
  });

  test("a restarted revision has a new replica, and no request fails", async () => {
    const before = await hosts.containers(document({}));
    const client = askSteadily(hosts.url("alpha"), hosts.caFile, 20);
    await hosts.apps.restartRevision(id(), hosts.apps.status(id()).latestRevisionName!);
    await hosts.until(async () => (await hosts.containers(document({}))).every(({ Id }) => Id !== before[0]!.Id), 10_000);
    expect((await client.stop()).failures).toEqual([]);
  });

  test("stopped and started by hand", async () => {
    const revision = hosts.apps.status(id()).latestRevisionName!;
    await hosts.apps.deactivateRevision(id(), revision);
    expect(await hosts.ask("alpha")).toMatchObject({ status: 404 });
    expect(hosts.apps.status(id()).runningStatus).toBe("Stopped");
    await hosts.apps.activateRevision(id(), revision);
    await hosts.until(async () => (await hosts.ask("alpha")).status === 200);
  });

  test("removed, it leaves no container, no log and no route", async () => {
    await hosts.apps.remove(id());
    expect(await hosts.containers(document({}))).toEqual([]);
    expect(readdirSync(hosts.layout.appLogs)).toEqual([]);
    expect(hosts.store.list("apps/")).toEqual([]);
    expect(await hosts.ask("alpha")).toMatchObject({ status: 404, body: expect.stringContaining("Error 404 - This Container App is stopped or does not exist.") });
    expect(hosts.apps.revisions(id())).toEqual([]);
  });
});

describe("a revision that does not become ready", () => {
  const document = (env: Record<string, string>, container = {}) => hosts.document("beta", env, { container });
  const details = () => String(hosts.state(document({})).runningStateDetails);
  const failed = () => hosts.until(() => hosts.state(document({})).runningState === "Failed");
  let good: string;
  beforeAll(async () => void (good = await hosts.ready(document({ SAYS: "good" }))));

  const expectOldServes = async () => {
    expect(await hosts.ask("beta")).toMatchObject({ status: 200, body: "good" });
    expect(hosts.apps.status(document({}).id)).toMatchObject({ latestReadyRevisionName: good, runningStatus: "Running" });
    expect(hosts.apps.revisions(document({}).id).filter(({ properties }) => properties.active).map(({ properties }) => properties.trafficWeight)).toEqual([100, 0]);
  };

  test("health answers 500", async () => {
    await hosts.apps.apply(document({ HEALTH: "500" }));
    await failed();
    expect(details()).toBe("Startup probe failed: HTTP 500 from GET :8000/health: health.");
    expect(hosts.state(document({}))).toMatchObject({ provisioningState: "Failed", healthState: "Unhealthy" });
    await expectOldServes();
  });

  test("it listens on another port", async () => {
    await hosts.apps.apply(document({ PORT: "5000" }));
    await failed();
    expect(details()).toBe("The TargetPort 8000 does not match the listening port 5000.");
    await expectOldServes();
  });

  test("it listens on another port, and the probe is by TCP", async () => {
    await hosts.apps.apply(document({ PORT: "5001" }, { probes: TCP_PROBES }));
    await failed();
    expect(details()).toBe("The TargetPort 8000 does not match the listening port 5001.");
  });

  test("it listens on loopback only", async () => {
    await hosts.apps.apply(document({ ADDRESS: "127.0.0.1" }));
    await failed();
    expect(details()).toContain("it has to listen on 0.0.0.0:8000");
  });

  test("it answers too late", async () => {
    await hosts.apps.apply(document({}, { probes: probes("/slow/3000") }));
    await failed();
    expect(details()).toBe("Startup probe failed: no answer within 1 s from GET :8000/slow/3000.");
  });

  test("its program does not exist", async () => {
    await hosts.apps.apply(document({}, { command: ["/nowhere"] }));
    await hosts.until(() => details().includes("/nowhere"));
    expect(details()).toMatch(/^Container crashing: main\. It could not be started: .*no such file or directory/);
    await expectOldServes();
  });

  test("it crashes: its exit code and last words are told, and it is tried again", async () => {
    await hosts.apps.apply(document({ EXIT_AFTER_MS: "50", EXIT_CODE: "3", LISTEN_AFTER_MS: "5000" }));
    await hosts.until(() => details() === "Container crashing: main. It ended with exit code 3.");
    expect(hosts.state(document({}))).toMatchObject({ runningState: "Degraded", healthState: "Unhealthy" });
    const revision = hosts.apps.status(document({}).id).latestRevisionName!;
    const [replica] = hosts.apps.replicas(document({}).id, revision);
    expect(await hosts.apps.logs(document({}).id, revision, replica!.name, "main")).toContain("ending by plan");
    expect(replica!.properties.containers).toMatchObject([{ ready: false, runningState: "Waiting", runningStateDetails: "Container is waiting with reason: CrashLoopBackOff" }]);
    await hosts.until(() => (hosts.apps.replicas(document({}).id, revision)[0]!.properties.containers as Array<{ restartCount: number }>)[0]!.restartCount === 1);
    await expectOldServes();
  });

  test("mended, the tool is mended, and what failed before is given up", async () => {
    const revision = await hosts.ready(document({ SAYS: "mended" }));
    expect(await hosts.ask("beta")).toMatchObject({ status: 200, body: "mended" });
    await hosts.until(async () => (await hosts.containers(document({}))).length === 1);
    expect(hosts.apps.revisions(document({}).id).filter(({ properties }) => properties.active).map(({ name }) => name)).toEqual([revision]);
  });

  test("liveness that fails later replaces the container", async () => {
    const liveness = { type: "Liveness", httpGet: { path: "/slow/1500", port: 8000 }, initialDelaySeconds: 1, failureThreshold: 1 };
    await hosts.ready(document({}, { probes: [...probes("/health"), { type: "Readiness", tcpSocket: { port: 8000 } }, liveness] }));
    const [before] = await hosts.containers(document({}));
    await hosts.until(() => details() === "Liveness probe failed: no answer within 1 s from GET :8000/slow/1500.");
    await hosts.until(async () => (await hosts.containers(document({}))).some(({ Id, State }) => Id !== before!.Id && State === "running"));
    await hosts.apps.remove(document({}).id);
  });
});

describe("admission", () => {
  const refused = async (document: ReturnType<RunningHosts["document"]>) => {
    const count = hosts.apps.revisions(document.id).length;
    const error = await hosts.apps.apply(document).then(() => undefined, (thrown: { code: string; message: string }) => thrown);
    expect(hosts.apps.revisions(document.id)).toHaveLength(count);
    return error && { code: error.code, message: error.message };
  };
  const text = (image: string, cause: string) => ({
    code: "ContainerAppOperationError",
    message: `Failed to provision revision for container app 'gamma'. Error details: The following field(s) are either invalid or missing. Field 'template.containers.main.image' is invalid with details: 'Invalid value: "${image}": GET https:: ${cause}';..`,
  });
  const UNAUTHORIZED = "UNAUTHORIZED: authentication required, visit https://aka.ms/acr/authorization for more information.; [map[Action:pull Name:tiny Type:repository]]";

  test("a tag that is not there", async () => {
    const image = `${hosts.image}:v9`;
    expect(await refused(hosts.document("gamma", {}, { container: { image } }))).toEqual(text(image, 'MANIFEST_UNKNOWN: manifest tagged by "v9" is not found; map[Tag:v9]'));
  });

  test("an identity without AcrPull", async () => {
    hosts.roles.delete("puller pull/read");
    expect(await refused(hosts.document("gamma"))).toEqual(text(`${hosts.image}:v1`, UNAUTHORIZED));
    hosts.roles.add("puller pull/read");
  });

  test("an identity that is not the app's own", async () => {
    const document = hosts.document("gamma");
    expect(await refused({ ...document, identity: { type: "None" } })).toEqual(text(`${hosts.image}:v1`, UNAUTHORIZED));
  });

  test("no identity for the registry", async () => {
    expect(await refused(hosts.document("gamma", {}, { configuration: { registries: [] } }))).toEqual(text(`${hosts.image}:v1`, UNAUTHORIZED));
  });

  test("a secret that is not there, by name; one that is there arrives", async () => {
    const env = [{ name: "SAYS", secretRef: "key" }];
    expect(await refused(hosts.document("gamma", {}, { container: { env } }))).toEqual({ code: "ContainerAppSecretRefNotFound", message: "SecretRef 'key' defined for container 'main' not found." });
    const document = hosts.document("gamma", {}, { container: { env } });
    (document.properties.configuration as { secrets: object[] }).secrets = [{ name: "key", value: "hidden" }];
    await hosts.ready(document);
    expect(await hosts.ask("gamma")).toMatchObject({ body: "hidden" });
    await hosts.apps.remove(document.id);
  });
});

describe("scale", () => {
  test("without requests to zero, not woken by questions about it; the next request is held and answered", async () => {
    const document = hosts.document("delta", { SAYS: "awake", LISTEN_AFTER_MS: "300" }, { template: { scale: { minReplicas: 0, maxReplicas: 10, cooldownPeriod: 1 } } });
    const revision = await hosts.ready(document);
    await hosts.until(() => hosts.state(document).runningState === "ScaledToZero");
    await hosts.until(async () => (await hosts.containers(document)).length === 0);
    expect(hosts.state(document)).toMatchObject({ replicas: 0, active: true, trafficWeight: 100, healthState: "Healthy" });
    expect(hosts.apps.status(document.id)).toMatchObject({ latestReadyRevisionName: revision, runningStatus: "Running" });
    const answers = await Promise.all([hosts.ask("delta"), hosts.ask("delta")]);
    expect(answers.map(({ status, body }) => [status, body])).toEqual([[200, "awake"], [200, "awake"]]);
    expect(await hosts.containers(document)).toHaveLength(1);
    await hosts.apps.remove(document.id);
  });

  test("minReplicas of three run as three, and requests go to each", async () => {
    const document = hosts.document("delta", {}, { template: { scale: { minReplicas: 3, maxReplicas: 3 } } });
    await hosts.ready(document);
    expect(hosts.state(document)).toMatchObject({ replicas: 3, runningState: "RunningAtMaxScale" });
    const names = new Set<string>();
    for (let count = 0; count < 6; count += 1) names.add((await hosts.ask("delta", "/env/CONTAINER_APP_REPLICA_NAME")).body);
    expect(names.size).toBe(3);
    await hosts.apps.remove(document.id);
  });
});
