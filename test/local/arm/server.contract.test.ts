import { Agent } from "node:https";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ARM_AUDIENCE } from "../../../local/arm/server.ts";
import { MAX_BODY_BYTES } from "../../../local/arm/request-body.ts";
import { serveWorld, type ServedWorld } from "../../support/arm-server.ts";
import { ask, type Answer } from "../../support/https-client.ts";
import { appBody, LOCATION, makePlatform } from "../../support/platform-bodies.ts";

let served: ServedWorld;
beforeAll(async () => {
  served = await serveWorld();
  await makePlatform(served.world);
});
afterAll(() => served.close());

const GUID = expect.stringMatching(/^[0-9a-f-]{36}$/);
const VERSION = "?api-version=2025-07-01";
const error = ({ status, body }: Answer) => ({ status, ...(JSON.parse(body) as { error: { code: string; message: string } }).error });

async function send(method: string, path: string, options: { token?: string; payload?: unknown; form?: string } = {}): Promise<Answer> {
  const { token, ...rest } = { token: await served.callerToken(), ...options };
  return ask(`${served.server.endpoint}${path}`, served.caFile, { method, headers: token === "" ? {} : { authorization: `Bearer ${token}` }, ...rest });
}

describe("who may come in", () => {
  const group = () => `${served.world.group}${VERSION}`;

  test("nobody without a token", async () => {
    const answer = await send("GET", group(), { token: "" });
    expect(error(answer)).toEqual({ status: 401, code: "AuthenticationFailed", message: "Authentication failed. The 'Authorization' header is missing." });
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer /);
  });

  test("nobody with a token that is not ours", async () => {
    expect(error(await send("GET", group(), { token: "nonsense" }))).toEqual({ status: 401, code: "InvalidAuthenticationToken", message: "The access token is invalid." });
  });

  test("nobody with a token for something else", async () => {
    const token = await served.tokens.issue({ principalId: served.world.tenant.callerPrincipalId, audience: "https://containerregistry.azure.net/" });
    expect(error(await send("GET", group(), { token }))).toMatchObject({ status: 401, code: "InvalidAuthenticationTokenAudience" });
  });

  test("nobody with a token that has ended", async () => {
    const token = await served.tokens.issue({ principalId: served.world.tenant.callerPrincipalId, audience: ARM_AUDIENCE, ttlSeconds: -1 });
    expect(error(await send("GET", group(), { token }))).toMatchObject({ status: 401, code: "ExpiredAuthenticationToken", message: expect.stringMatching(/^The access token expiry UTC time '20.*' is earlier than current UTC time '20/) });
  });

  test("who comes in is who the token names", async () => {
    const token = await served.tokens.issue({ principalId: "somebody", audience: ARM_AUDIENCE });
    expect(error(await send("GET", group(), { token }))).toMatchObject({ status: 403, code: "AuthorizationFailed", message: expect.stringMatching(/^The client 'somebody'/) });
  });
});

describe("requests and answers", () => {
  test("an answer has ARM's headers", async () => {
    const { status, headers, body } = await send("GET", `${served.world.group}${VERSION}`);
    expect(status).toBe(200);
    expect(headers).toMatchObject({ "content-type": "application/json; charset=utf-8", "x-ms-request-id": GUID, "x-ms-correlation-request-id": GUID });
    expect(JSON.parse(body)).toMatchObject({ name: "rg" });
  });

  test("an api-version is asked for", async () => {
    expect(error(await send("GET", served.world.group))).toEqual({ status: 400, code: "MissingApiVersionParameter", message: "The api-version query parameter (?api-version=) is required for all requests." });
  });

  test("a body that is no JSON is refused", async () => {
    expect(error(await send("PUT", `${served.world.group}${VERSION}`, { form: "{" }))).toMatchObject({ status: 400, code: "InvalidRequestContent", message: expect.stringMatching(/^The request content was invalid and could not be deserialized: '/) });
  });

  test("a body of 4 MiB and a byte is refused, one of 4 MiB is read", async () => {
    const padded = (bytes: number) => {
      const text = JSON.stringify({ location: LOCATION, padding: "" });
      return text.replace('""', `"${"x".repeat(bytes - text.length)}"`);
    };
    expect((await send("PUT", `${served.world.group}${VERSION}`, { form: padded(MAX_BODY_BYTES) })).status).toBe(200);
    expect(error(await send("PUT", `${served.world.group}${VERSION}`, { form: padded(MAX_BODY_BYTES + 1) }))).toMatchObject({ status: 413, code: "RequestContentTooLarge" });
  });

  test("a fault of the miniature is no stack", async () => {
    served.world.hosts.apps.status = () => {
      throw new TypeError("detail of the machine");
    };
    const app = served.world.idOf("Microsoft.App/containerApps/broken");
    const answer = await send("PUT", app + VERSION, { payload: appBody(served.world) });
    expect(error(answer)).toMatchObject({ status: 500, code: "InternalServerError" });
    expect(answer.body).not.toMatch(/detail of the machine|\.ts/);
    expect(served.world.log.join()).toMatch(/detail of the machine/);
    served.world.hosts.apps.status = () => ({ runningStatus: "Running" });
    await served.world.arm.idle();
  });

  test("links of an operation lead back here", async () => {
    const app = served.world.idOf("Microsoft.App/containerApps/linked");
    const { headers } = await send("PUT", app + VERSION, { payload: appBody(served.world) });
    const link = String(headers["azure-asyncoperation"]);
    expect(link.startsWith(`${served.server.endpoint}/subscriptions/`)).toBe(true);
    await served.world.arm.idle();
    expect(JSON.parse((await send("GET", link.slice(served.server.endpoint.length))).body)).toMatchObject({ status: "Succeeded" });
  });

  test("a log is read with the app's token, and not with ARM's", async () => {
    const { world } = served;
    const app = world.idOf("Microsoft.App/containerApps/logged");
    await world.must("PUT", app, appBody(world));
    world.hosts.revisionsOf.set(app, [{ id: `${app}/revisions/r`, name: "r", type: "Microsoft.App/containerApps/revisions", properties: {} }]);
    world.hosts.replicasOf.set("r", [{ id: `${app}/revisions/r/replicas/p`, name: "p", type: "Microsoft.App/containerApps/revisions/replicas", properties: { containers: [{ name: "weather" }] } }]);
    world.hosts.log = "one\ntwo\n";

    const { value } = JSON.parse((await send("GET", `${app}/revisions/r/replicas${VERSION}`)).body) as { value: Array<{ properties: { containers: Array<{ logStreamEndpoint: string }> } }> };
    const url = value[0]!.properties.containers[0]!.logStreamEndpoint;
    expect(url.startsWith(served.server.endpoint)).toBe(true);
    const path = `${url.slice(served.server.endpoint.length)}?tailLines=2`;
    const { properties } = JSON.parse((await send("POST", `${app}/getAuthtoken${VERSION}`)).body) as { properties: { token: string } };
    expect(await send("GET", path, { token: properties.token })).toMatchObject({ status: 200, body: "one\ntwo\n", headers: { "content-type": "text/plain; charset=utf-8" } });
    expect((await send("GET", path)).status).toBe(401);
    expect((await send("GET", `${app}${VERSION}`, { token: properties.token })).status).toBe(401);
  });
});

test.each(["..%2F..%2Fsecret/replicas/p", "r/replicas/..%2F..%2F..%2Fsecret", "R/replicas/p", "%/replicas/p"])("there is no log of revisions/%s", async (names) => {
  const app = served.world.idOf("Microsoft.App/containerApps/logged");
  await served.world.must("PUT", app, appBody(served.world));
  const auth = await served.world.ask("POST", `${app}/getAuthtoken`);
  const { token } = (auth.body as { properties: { token: string } }).properties;
  // A path with encoded dots is sent as it is only when no URL is parsed first.
  const { hostname, port } = new URL(served.server.endpoint);
  const path = `${served.world.group}/containerApps/logged/revisions/${names}/containers/c/logstream`;
  const answer = await ask(served.server.endpoint, served.caFile, { hostname, port, path, headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(404);
});

test("closing lets a running request end, and leaves no connection", async () => {
  const own = await serveWorld();
  await makePlatform(own.world);
  const agent = new Agent({ keepAlive: true, ca: own.caPem });
  const token = await own.callerToken();
  let answering!: () => void;
  const reached = new Promise<void>((resolve) => {
    own.world.hosts.apps.logs = () => {
      resolve();
      return new Promise<string>((end) => (answering = () => end("last words")));
    };
  });
  const app = own.world.idOf("Microsoft.App/containerApps/weather");
  await own.world.must("PUT", app, appBody(own.world));
  const auth = await own.world.ask("POST", `${app}/getAuthtoken`);
  const appToken = (auth.body as { properties: { token: string } }).properties.token;
  const get = (path: string, bearer: string) => ask(`${own.server.endpoint}${path}`, own.caFile, { agent, headers: { authorization: `Bearer ${bearer}` } });

  expect((await get(`${own.world.group}${VERSION}`, token)).status).toBe(200);
  const running = get(`${own.world.group}/containerApps/weather/revisions/r/replicas/p/containers/c/logstream`, appToken);
  await reached;
  const closed = own.server.close();
  answering();
  await expect(running).resolves.toMatchObject({ status: 200, body: "last words" });
  await closed;
  agent.destroy();
  await expect(ask(own.server.endpoint, own.caFile)).rejects.toThrow(/ECONNREFUSED/);
  await own.close();
});

describe("the control of failure switches, beside ARM", () => {
  const SWITCH = "/toolwharf/faults/never-ready";

  test("takes the owner's token, and nobody else's or none", async () => {
    expect(error(await send("PUT", SWITCH, { token: "" }))).toMatchObject({ status: 401, code: "AuthenticationFailed" });
    const token = await served.tokens.issue({ principalId: "somebody", audience: ARM_AUDIENCE });
    expect(error(await send("PUT", SWITCH, { token }))).toMatchObject({ status: 403, code: "AuthorizationFailed" });
    expect(served.world.faults.list()).toEqual([]);
    expect(JSON.parse((await send("PUT", SWITCH, { payload: { app: "weather" } })).body)).toMatchObject({ name: "never-ready", target: "weather" });
    expect(JSON.parse((await send("GET", "/toolwharf/faults")).body)).toMatchObject({ on: [{ name: "never-ready" }] });
    expect((await send("DELETE", SWITCH)).status).toBe(200);
    expect(served.world.faults.list()).toEqual([]);
  });

  test("says what is allowed in ARM's form, and leaves ARM's own paths to ARM", async () => {
    expect(error(await send("PUT", SWITCH, { payload: { times: 3 } }))).toMatchObject({ status: 400, code: "SwitchParameterInvalid", message: "'times' is no parameter of never-ready; it has app." });
    expect(error(await send("GET", `/toolwharf/other${VERSION}`))).toMatchObject({ status: 501, code: "NotEmulated" });
  });
});
