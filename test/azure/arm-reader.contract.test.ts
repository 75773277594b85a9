import { describe, expect, test } from "@jest/globals";
import { ArmFailure, createArmReader } from "../../azure/arm-reader.ts";
import { createHttp } from "../../azure/http.ts";
import { containerAppId, parseResourceId } from "../../azure/resource-id.ts";
import { serveFake } from "./fake-server.ts";
import type { Answer, FakeServer } from "./fake-server.ts";

const APP = containerAppId("sub", "group", "weather");
const REPLICAS = `${APP}/revisions/weather--1/replicas`;

async function open(answer: Answer) {
  const server = await serveFake(answer);
  return Object.assign(server, { arm: createArmReader({ endpoint: `${server.origin}/`, token: "arm-token", http: createHttp(server.caFile) }) });
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

  test("throttling and stumbling are waited out, three tries in all", async () => {
    const statuses = [429, 503, 200];
    await using server = await open(() => ({ status: statuses.shift(), body: { id: APP } }));
    expect(await server.arm.containerApp(APP)).toEqual({ id: APP });
    await using failing = await open(() => ({ status: 500, body: {} }));
    await expect(failing.arm.containerApp(APP)).rejects.toMatchObject({ status: 500 });
    expect(failing.requests).toHaveLength(3);
  }, 15_000);

  test("a right that is missing is not asked for again", async () => {
    await using server = await open(() => ({ status: 401, body: {} }));
    await expect(server.arm.containerApp(APP)).rejects.toMatchObject({ status: 401 });
    expect(server.requests).toHaveLength(1);
  });
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
