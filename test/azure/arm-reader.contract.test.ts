import { describe, expect, test } from "@jest/globals";
import { ArmFailure, createArmReader } from "../../azure/arm-reader.ts";
import { createHttp } from "../../azure/http.ts";
import { keepToken } from "../../azure/access-token.ts";
import { containerAppId, parseResourceId } from "../../azure/resource-id.ts";
import { fakeClock } from "./fake-clock.ts";
import { serveFake } from "./fake-server.ts";
import type { Answer, FakeServer } from "./fake-server.ts";

const APP = containerAppId("sub", "group", "weather");
const REPLICAS = `${APP}/revisions/weather--1/replicas`;

async function open(answer: Answer, tokens = ["arm-token"]) {
  const server = await serveFake(answer);
  const clock = fakeClock();
  const token = keepToken(async () => (tokens.length > 1 ? tokens.shift()! : tokens[0]!));
  return Object.assign(server, { clock, arm: createArmReader({ endpoint: `${server.origin}/`, token, http: createHttp(server.caFile), clock }) });
}
const asked = ({ requests }: FakeServer) => requests.map(({ method, path, query, headers }) => `${method} ${path}?${query} ${headers.authorization}`);

describe("reading", () => {
  test("asks ARM with the token and the version that is wanted", async () => {
    await using server = await open(({ path }) => (path.endsWith("/replicas") ? { body: { value: [{ name: "r" }] } } : { body: { id: path } }));
    expect(await server.arm.containerApp(APP)).toEqual({ id: APP });
    expect(await server.arm.revision(APP, "weather--1")).toEqual({ id: `${APP}/revisions/weather--1` });
    expect(await server.arm.replicas(APP, "weather--1")).toEqual([{ name: "r" }]);
    expect(await server.arm.get("/other", "2020-01-01")).toEqual({ id: "/other" });
    expect(asked(server)).toEqual([
      `GET ${APP}?api-version=2025-07-01 Bearer arm-token`,
      `GET ${APP}/revisions/weather--1?api-version=2025-07-01 Bearer arm-token`,
      `GET ${REPLICAS}?api-version=2025-07-01 Bearer arm-token`,
      "GET /other?api-version=2020-01-01 Bearer arm-token",
    ]);
  });

  test("what is not there is undefined, and has no replicas", async () => {
    await using server = await open(() => undefined);
    expect(await server.arm.containerApp(APP)).toBeUndefined();
    expect(await server.arm.replicas(APP, "weather--1")).toEqual([]);
  });

  test("an error of ARM has its status, code and text", async () => {
    await using server = await open(() => ({ status: 403, body: { error: { code: "AuthorizationFailed", message: "No right." } } }));
    const error = await server.arm.containerApp(APP).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ArmFailure);
    expect(error).toMatchObject({ status: 403, code: "AuthorizationFailed", message: `GET ${APP} answered 403 AuthorizationFailed: No right.` });
  });

  test("an answer that is no JSON is an error too", async () => {
    await using server = await open(() => ({ status: 400, body: "<html>" }));
    await expect(server.arm.containerApp(APP)).rejects.toMatchObject({ status: 400, code: "" });
  });

  test("throttling and stumbling are waited out, six tries in all", async () => {
    const statuses = [429, 503, 200];
    await using server = await open(() => ({ status: statuses.shift(), body: { id: APP } }));
    expect(await server.arm.containerApp(APP)).toEqual({ id: APP });
    await using failing = await open(() => ({ status: 500, body: {} }));
    await expect(failing.arm.containerApp(APP)).rejects.toMatchObject({ status: 500 });
    expect(failing.clock.pauses).toEqual([1_000, 2_000, 4_000, 8_000, 15_000]);
    expect(failing.requests).toHaveLength(6);
  });

  test("ARM says itself how long to wait", async () => {
    const answers = [{ status: 429, headers: { "retry-after": "17" } }, { status: 503, headers: { "retry-after": "3600" } }, { status: 200, body: {} }];
    await using server = await open(() => answers.shift());
    await server.arm.containerApp(APP);
    expect(server.clock.pauses).toEqual([17_000, 120_000]);
  });

  test("a connection that fails is tried again; a server that nobody vouches for is not", async () => {
    const clock = fakeClock();
    const failures = ["ECONNRESET", "EAI_AGAIN", "CERT_HAS_EXPIRED"];
    const send = async () => Promise.reject(Object.assign(new Error("x"), { code: failures.shift() }));
    await expect(createArmReader({ endpoint: "https://arm", token: keepToken(async () => "t"), http: { send }, clock }).containerApp(APP)).rejects.toMatchObject({ code: "CERT_HAS_EXPIRED" });
    expect(clock.pauses).toEqual([1_000, 2_000]);
  });

  test.each([
    ["https://management.azure.com", 5],
    ["https://localhost:8900", 0],
    ["https://arm.localhost:8900", 0],
    ["https://127.0.0.1:8900", 0],
    ["https://[::1]:8900", 0],
  ])("%s, which refuses connections, is asked again %d times: on this machine it does not run", async (endpoint, times) => {
    const clock = fakeClock();
    const send = async () => Promise.reject(Object.assign(new Error("x"), { code: "ECONNREFUSED" }));
    await expect(createArmReader({ endpoint, token: keepToken(async () => "t"), http: { send }, clock }).containerApp(APP)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(clock.pauses).toHaveLength(times);
  });

  test("a token that is over is renewed, once for all requests, also for a console", async () => {
    const answer: Answer = ({ headers, method }) => {
      if (headers.authorization === "Bearer old") return { status: 401, body: {} };
      return { body: method === "POST" ? { properties: { token: "log" } } : { id: APP } };
    };
    const tokens = ["old", "new", "newer", "newest"];
    await using server = await open(answer, tokens);
    await Promise.all([server.arm.containerApp(APP), server.arm.containerApp(APP)]);
    expect(await server.arm.consoleTail(APP, { logStreamEndpoint: `${server.origin}/logs` }, 1)).toHaveLength(1);
    expect(tokens).toEqual(["newer", "newest"]);
    await using console = await open(answer, ["old", "new"]);
    expect(await console.arm.consoleTail(APP, { logStreamEndpoint: `${console.origin}/logs` }, 1)).toHaveLength(1);
    expect(asked(console).map((each) => each.split(" ").at(-1))).toEqual(["old", "new", "log"]);
  });

  test("a right that is missing is not asked for again", async () => {
    await using server = await open(() => ({ status: 401, body: {} }));
    await expect(server.arm.containerApp(APP)).rejects.toMatchObject({ status: 401 });
    expect(server.requests).toHaveLength(1);
  });
});

test("who finds a token refused at the same time shares the next one", async () => {
  const tokens = ["old", "new", "newer", "newest"];
  const token = keepToken(async () => tokens.shift()!);
  expect(await Promise.all([token(), token()])).toEqual(["old", "old"]);
  expect(await Promise.all([token("old"), token("old")])).toEqual(["new", "new"]);
  expect(await token()).toBe("new");
});

test("a token that could not be had is asked for again", async () => {
  const answers = [new Error("away"), "token"];
  const token = keepToken(async () => {
    const answer = answers.shift()!;
    if (answer instanceof Error) throw answer;
    return answer;
  });
  await expect(token()).rejects.toThrow("away");
  expect(await token()).toBe("token");
});

describe("the end of a console", () => {
  test("is read with the app's own token, never with ARM's", async () => {
    await using server = await open(({ method, path }) => {
      if (method === "POST" && path === `${APP}/getAuthtoken`) return { body: { properties: { token: "log-token" } } };
      if (path === "/logs/weather") return { body: "one\r\ntwo\n\nthree\n" };
      return undefined;
    });
    expect(await server.arm.consoleTail(APP, { logStreamEndpoint: `${server.origin}/logs/weather?x=1` }, 2)).toEqual(["two", "three"]);
    expect(asked(server)).toEqual([`POST ${APP}/getAuthtoken?api-version=2025-07-01 Bearer arm-token`, "GET /logs/weather?x=1&follow=false&output=text&tailLines=2 Bearer log-token"]);
  });

  test("is empty where there is no log", async () => {
    await using server = await open(() => undefined);
    expect(await server.arm.consoleTail(APP, {}, 20)).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  test("fails when the log stream refuses", async () => {
    await using server = await open(({ method }) => (method === "POST" ? { body: { properties: { token: "t" } } } : { status: 401 }));
    await expect(server.arm.consoleTail(APP, { logStreamEndpoint: `${server.origin}/logs` }, 20)).rejects.toThrow("the log stream answered 401");
  });
});

test.each([
  [APP, { subscriptionId: "sub", resourceGroupName: "group", type: "Microsoft.App/containerApps", name: "weather" }],
  ["/SUBSCRIPTIONS/s/resourcegroups/g/Providers/a.b/c/d", { subscriptionId: "s", resourceGroupName: "g", type: "a.b/c", name: "d" }],
  [`${APP}/revisions/x`, undefined],
  ["/subscriptions/s/resourceGroups/g", undefined],
  ["weather", undefined],
  ["", undefined],
])("the parts of %j", (id, expected) => {
  expect(parseResourceId(id)).toEqual(expected);
});
