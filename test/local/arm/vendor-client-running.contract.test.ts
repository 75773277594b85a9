import { request } from "node:https";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ContainerAppsAPIClient, type ContainerApp, type Replica, type Revision } from "@azure/arm-appcontainers";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { ask } from "../../support/https-client.ts";
import { LOCATION } from "../../support/platform-bodies.ts";
import { RunningMiniature } from "../../support/running-miniature.ts";

jest.setTimeout(60_000);

/** Azure's own client against containers that run, over the HTTPS that the daemon serves. */
const miniature = new RunningMiniature();
let client: ContainerAppsAPIClient;
/** Of every answer: method, path without the subscription, status, and the headers by which an operation is followed. */
const seen: Array<{ method: string; path: string; status: number; headers: Record<string, string> }> = [];

beforeAll(async () => {
  await miniature.start();
  const { armEndpoint, caFile, subscriptionId } = miniature.connection;
  client = new ContainerAppsAPIClient(
    { getToken: async () => ({ token: miniature.token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    subscriptionId,
    { endpoint: armEndpoint, tlsOptions: { ca: readFileSync(caFile, "utf8") }, retryOptions: { maxRetries: 0 } },
  );
  client.pipeline.addPolicy({
    name: "note",
    async sendRequest(sent, next) {
      const answer = await next(sent);
      seen.push({ method: sent.method, path: new URL(sent.url).pathname.replace(`/subscriptions/${subscriptionId}`, ""), status: answer.status, headers: answer.headers.toJSON() });
      return answer;
    },
  });
}, 120_000);
afterAll(() => miniature.dispose(), 60_000);

const fast = { updateIntervalInMs: 50 };
const APP = "/resourceGroups/rg/providers/Microsoft.App/containerApps/alpha";
const OPERATION = /\/providers\/Microsoft\.App\/locations\/westeurope\/operationStatuses\/[0-9a-f-]{36}\?api-version=/;
const RESULT = /\/providers\/Microsoft\.App\/locations\/westeurope\/operationResults\/[0-9a-f-]{36}\?api-version=/;

function app(says: string, mode: "Single" | "Multiple" = "Multiple"): ContainerApp {
  const identity = miniature.id("Microsoft.ManagedIdentity/userAssignedIdentities/puller");
  return {
    location: LOCATION,
    identity: { type: "UserAssigned", userAssignedIdentities: { [identity]: {} } },
    environmentId: miniature.id("Microsoft.App/managedEnvironments/env"),
    configuration: {
      activeRevisionsMode: mode,
      ingress: { external: true, targetPort: 8000 },
      registries: [{ server: miniature.loginServer, identity }],
      identitySettings: [{ identity, lifecycle: "None" }],
      secrets: [{ name: "key", value: "hidden" }],
    },
    template: {
      containers: [
        {
          name: "main",
          image: miniature.image,
          env: [{ name: "SAYS", value: says }],
          resources: { cpu: 0.25, memory: "0.5Gi" },
          probes: [{ type: "Startup", httpGet: { path: "/health", port: 8000 }, periodSeconds: 1 }],
        },
      ],
      scale: { minReplicas: 1, maxReplicas: 2 },
    },
  };
}

const collect = async <T>(pages: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const one of pages) all.push(one);
  return all;
};
const revisions = (filter?: string) => collect<Revision>(client.containerAppsRevisions.listRevisions("rg", "alpha", filter === undefined ? {} : { filter }));
const replicas = async (revision: string) => (await client.containerAppsRevisionReplicas.listReplicas("rg", "alpha", revision)).value;

async function until<T>(look: () => Promise<T | undefined>, limitMs = 20_000): Promise<T> {
  for (const end = Date.now() + limitMs; ; await sleep(50)) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`did not come true within ${limitMs} ms: ${String(look)}`);
  }
}
const healthy = (name: string) => until(async () => ((await client.containerAppsRevisions.getRevision("rg", "alpha", name)).healthState === "Healthy" ? name : undefined));

async function logAddress(replica: Replica, query: Record<string, string>): Promise<{ url: string; headers: { authorization: string } }> {
  const url = new URL(replica.containers![0]!.logStreamEndpoint!);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { url: url.href, headers: { authorization: `Bearer ${(await client.containerApps.getAuthToken("rg", "alpha")).token}` } };
}

/** A log that is followed: what has come so far, whether it has ended, and how to hang up. */
async function follow(replica: Replica, tailLines = "20") {
  const { url, headers } = await logAddress(replica, { follow: "true", tailLines });
  const state = { status: 0, headers: {} as Record<string, unknown>, text: "", ended: false, hangUp: () => void sent.destroy() };
  const sent = request(url, { ca: readFileSync(miniature.connection.caFile), headers }, (answer) => {
    Object.assign(state, { status: answer.statusCode, headers: answer.headers });
    answer.setEncoding("utf8").on("data", (chunk: string) => (state.text += chunk));
    answer.on("end", () => (state.ended = true)).on("error", () => undefined);
  });
  sent.on("error", () => undefined).end();
  await until(async () => (state.status ? true : undefined));
  return state;
}

/** Requests that the engine is still answering with a followed log, by this process. */
const engineFollowers = () => process.getActiveResourcesInfo().filter((name) => name === "PipeWrap" || name === "PipeConnectWrap").length;

let first = "";
let second = "";

describe("operations, as Azure's", () => {
  test("a create answers 201 with a link to its status, which ends with the app itself", async () => {
    seen.length = 0;
    const made = await client.containerApps.beginCreateOrUpdateAndWait("rg", "alpha", app("one"), fast);
    expect(made).toMatchObject({ provisioningState: "Succeeded", configuration: { secrets: [{ name: "key" }] } });
    expect(JSON.stringify(made)).not.toContain("hidden");
    const [put, ...rest] = seen;
    expect(put).toMatchObject({ method: "PUT", path: APP, status: 201, headers: { "azure-asyncoperation": expect.stringMatching(OPERATION), "retry-after": "1" } });
    expect(rest.slice(0, -1).every(({ method, path, status }) => method === "GET" && path.includes("/operationStatuses/") && status === 200)).toBe(true);
    expect(rest.length).toBeGreaterThan(1);
    expect(rest.at(-1)).toMatchObject({ method: "GET", path: APP, status: 200 });
    first = await healthy(made.latestRevisionName!);
  });

  test("an update by PUT answers 200, one by PATCH 202 with the place of its result", async () => {
    seen.length = 0;
    const changed = await client.containerApps.beginCreateOrUpdateAndWait("rg", "alpha", app("two"), fast);
    expect(seen[0]).toMatchObject({ method: "PUT", status: 200, headers: { "azure-asyncoperation": expect.stringMatching(OPERATION) } });
    second = await healthy(changed.latestRevisionName!);
    expect(second).not.toBe(first);

    seen.length = 0;
    const patched = await client.containerApps.beginUpdateAndWait("rg", "alpha", { location: LOCATION, tags: { a: "b" } }, fast);
    expect(patched).toMatchObject({ tags: { a: "b" }, provisioningState: "Succeeded", latestRevisionName: second });
    expect(seen[0]).toMatchObject({ method: "PATCH", status: 202, headers: { location: expect.stringMatching(RESULT), "azure-asyncoperation": expect.stringMatching(OPERATION), "retry-after": "1" } });
    expect(seen.at(-1)).toMatchObject({ method: "GET", status: 200 });
  });
});

describe("revisions and replicas", () => {
  test("are listed, filtered and read", async () => {
    expect((await revisions()).map(({ name }) => name)).toEqual([first, second]);
    expect(await client.containerAppsRevisions.getRevision("rg", "alpha", first)).toMatchObject({ name: first, active: true, trafficWeight: 0, provisioningState: "Provisioned", createdTime: expect.any(Date) });
    expect((await revisions("properties/trafficWeight eq 100")).map(({ name }) => name)).toEqual([second]);
    await expect(revisions("startswith(name, 'a')")).rejects.toMatchObject({ statusCode: 501, code: "NotEmulated" });
  });

  test("a revision is deactivated and activated", async () => {
    await client.containerAppsRevisions.deactivateRevision("rg", "alpha", first);
    expect((await revisions("properties/active eq true")).map(({ name }) => name)).toEqual([second]);
    expect((await revisions("properties/active eq false")).map(({ name }) => name)).toEqual([first]);
    await until(async () => ((await replicas(first)).length === 0 ? true : undefined));
    await client.containerAppsRevisions.activateRevision("rg", "alpha", first);
    await healthy(first);
    expect(await replicas(first)).toHaveLength(1);
  });

  test("a restart puts other replicas in the place of these", async () => {
    const [before] = await replicas(second);
    await client.containerAppsRevisions.restartRevision("rg", "alpha", second);
    const after = await until(async () => {
      const [one, ...others] = await replicas(second);
      return one && others.length === 0 && one.name !== before!.name ? one : undefined;
    });
    expect(await client.containerAppsRevisionReplicas.getReplica("rg", "alpha", second, after.name!)).toMatchObject({ name: after.name, runningState: "Running", containers: [{ name: "main", started: true }] });
    await expect(client.containerAppsRevisionReplicas.getReplica("rg", "alpha", second, before!.name!)).rejects.toMatchObject({ statusCode: 404 });
  });

  test("what is not there is 404", async () => {
    await expect(client.containerAppsRevisions.getRevision("rg", "alpha", "alpha--none")).rejects.toMatchObject({ statusCode: 404 });
    await expect(client.containerAppsRevisions.restartRevision("rg", "alpha", "alpha--none")).rejects.toMatchObject({ statusCode: 404 });
  });
});

describe("secrets", () => {
  test("are listed with their values", async () => {
    expect((await client.containerApps.listSecrets("rg", "alpha")).value).toEqual([{ name: "key", value: "hidden" }]);
  });
});

describe("logs", () => {
  const ofApp = async () => (await replicas(second))[0]!;
  const says = async (path: string) => {
    const { configuration } = await client.containerApps.get("rg", "alpha");
    return ask(`https://${configuration!.ingress!.fqdn}:${miniature.connection.ingressPort}${path}`, miniature.connection.caFile, { agent: false });
  };

  test("the last lines are read with the app's own token", async () => {
    const { url, headers } = await logAddress(await ofApp(), { tailLines: "1" });
    const answer = await ask(url, miniature.connection.caFile, { headers });
    expect(answer).toMatchObject({ status: 200, body: expect.stringMatching(/^listening on .*\n$/) });
    const foreign = await ask(url, miniature.connection.caFile, { headers: { authorization: `Bearer ${miniature.token}` } });
    expect(foreign.status).toBe(401);
  });

  test("followed, they come as they are written, go on over a crash, and end with the replica", async () => {
    const log = await follow(await ofApp());
    expect(log).toMatchObject({ status: 200, headers: { "content-type": "text/plain; charset=utf-8", "transfer-encoding": "chunked" } });
    await until(async () => (log.text.includes("listening on") ? true : undefined));
    await says("/exit/7");
    await until(async () => (/asked to end with 7\nstarting alpha--\w+\nlistening on [^\n]+\n$/.test(log.text) ? true : undefined));
    expect(log.ended).toBe(false);
    // What was before is told to the next who follows, once.
    const later = await follow(await ofApp(), "300");
    await until(async () => (later.text === log.text ? true : undefined));
    later.hangUp();

    await client.containerAppsRevisions.deactivateRevision("rg", "alpha", second);
    await until(async () => (log.ended ? true : undefined));
    expect(log.text.endsWith("ended by SIGTERM\n")).toBe(true);
    await client.containerAppsRevisions.activateRevision("rg", "alpha", second);
    await healthy(second);
  });

  test("who hangs up leaves nothing open at the engine", async () => {
    const replica = await ofApp();
    const before = engineFollowers();
    const logs = await Promise.all([1, 2, 3].map(() => follow(replica)));
    await until(async () => (engineFollowers() >= before + 3 ? true : undefined));
    for (const log of logs) log.hangUp();
    await until(async () => (engineFollowers() <= before ? true : undefined));
  });

  test("a daemon that stops ends them, and is not held up", async () => {
    const log = await follow(await ofApp());
    const began = performance.now();
    await miniature.restart();
    expect(performance.now() - began).toBeLessThan(4_000);
    await until(async () => (log.ended ? true : undefined));
  });
});

describe("environments", () => {
  test("are made, read, listed, changed and removed", async () => {
    seen.length = 0;
    const made = await client.managedEnvironments.beginCreateOrUpdateAndWait("rg", "second", { location: LOCATION }, fast);
    expect(made).toMatchObject({ provisioningState: "Succeeded", defaultDomain: expect.stringMatching(/\.westeurope\.azurecontainerapps\.localhost$/) });
    expect(seen[0]).toMatchObject({ method: "PUT", status: 201, headers: { "azure-asyncoperation": expect.stringMatching(OPERATION) } });
    expect((await collect(client.managedEnvironments.listByResourceGroup("rg"))).map(({ name }) => name).sort()).toEqual(["env", "second"]);
    const changed = await client.managedEnvironments.beginUpdateAndWait("rg", "second", { location: LOCATION, tags: { a: "b" } }, fast);
    expect(changed).toMatchObject({ tags: { a: "b" }, defaultDomain: made.defaultDomain });
    await client.managedEnvironments.beginDeleteAndWait("rg", "second", fast);
    await expect(client.managedEnvironments.get("rg", "second")).rejects.toMatchObject({ statusCode: 404 });
  });
});

describe("the end of an app", () => {
  test("a delete answers 202 with the place of its result, and 204 when it is gone", async () => {
    seen.length = 0;
    await client.containerApps.beginDeleteAndWait("rg", "alpha", fast);
    expect(seen[0]).toMatchObject({ method: "DELETE", status: 202, headers: { location: expect.stringMatching(RESULT), "azure-asyncoperation": expect.stringMatching(OPERATION), "retry-after": "1" } });
    expect(seen.at(-1)!.status).toBeLessThan(205);
    expect(await miniature.docker.listContainers({ all: true, filters: { label: [`toolwharf.instance=${miniature.layout.instance}`, "toolwharf.app"] } })).toEqual([]);
    seen.length = 0;
    await client.containerApps.beginDeleteAndWait("rg", "alpha", fast);
    expect(seen).toMatchObject([{ method: "DELETE", status: 204 }]);
  });
});
