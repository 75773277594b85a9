import { readFileSync } from "node:fs";
import { connect } from "node:tls";
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { ask } from "../../support/https-client.ts";
import { ServedApps } from "../support/served-apps.ts";

jest.setTimeout(20_000);

const served = new ServedApps();
const get = (path: string) => ask(served.url("tools", path), served.caFile, { agent: false });
const asked = async (path: string) => {
  const { status, headers, body } = await get(path);
  return [status, body, headers["x-asked"]];
};
const rule = (containerApp: string, prefix: string, target: object = {}) => ({
  routes: [{ match: { prefix: `${prefix}/` }, action: { prefixRewrite: "/" } }, { match: { path: prefix }, action: { prefixRewrite: "/" } }],
  targets: [{ containerApp, ...target }],
});
const NOT_THERE = expect.stringContaining("This Container App is stopped or does not exist.");

beforeAll(async () => {
  await served.start();
  const internal = { external: false, targetPort: 8000, allowInsecure: true, ipSecurityRestrictions: [{ ipAddressRange: "10.0.0.0/8", action: "Allow" }] };
  await served.apps.apply(served.app("echo-v1"));
  await served.apps.apply(served.app("inner-v1", { name: "inner", configuration: { ingress: internal } }));
  await served.until(() => ["echo", "inner"].every((name) => served.state(name).runningState === "Running"));
});
afterAll(() => served.dispose());
beforeEach(() => served.httpRoutes.apply(served.routes([rule("echo", "/tools/echo"), rule("inner", "/tools/inner")])));

describe("an environment's own address", () => {
  test("leads to apps by path, internal and restricted ones too, with a certificate of the authority", async () => {
    expect(await asked("/tools/echo/a?b=c")).toEqual([200, "echo-v1", "/a?b=c"]);
    expect(await asked("/tools/inner/health/")).toEqual([200, "inner-v1", "/health/"]);
    expect(await asked("/tools/inner")).toEqual([200, "inner-v1", "/"]);
    expect((await ask(served.url("inner"), served.caFile, { agent: false })).status).toBe(404);
  });

  test("asks for HTTPS, whatever the app allows", () => {
    const host = new URL(served.url("tools")).hostname;
    expect(served.httpRoutes.routeOf(host, "/tools/inner/")).toMatchObject({ allowInsecure: false });
  });

  test("leads nowhere by another path", async () => {
    for (const path of ["/", "/tools", "/tools/echoes", "/Tools/echo"]) expect(await get(path)).toMatchObject({ status: 404, body: "" });
  });

  test("asks its rules in their order", async () => {
    served.httpRoutes.apply(served.routes([rule("inner", "/tools"), rule("echo", "/tools/echo")]));
    expect(await asked("/tools/echo/a")).toEqual([200, "inner-v1", "/echo/a"]);
  });

  test("is of one environment", async () => {
    const elsewhere = served.routes([rule("echo", "/tools/echo")]);
    served.httpRoutes.apply({ ...elsewhere, id: elsewhere.id.replace("env", "other") });
    expect(await get("/tools/echo/")).toMatchObject({ status: 404, body: NOT_THERE });
    served.httpRoutes.remove("OTHER/httprouteconfigs/tools");
  });

  test("is gone with its config, and says what an app that is gone says", async () => {
    served.httpRoutes.apply(served.routes([rule("gone", "/tools/gone")]));
    expect(await get("/tools/gone/")).toMatchObject({ status: 404, body: NOT_THERE });
    served.httpRoutes.remove("ENV/httpRouteConfigs/TOOLS");
    expect(await get("/tools/echo/")).toMatchObject({ status: 404, body: NOT_THERE });
  });

  test("couples WebSockets", async () => {
    const { hostname, port } = new URL(served.url("tools"));
    const head = await new Promise<string>((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port: Number(port), servername: hostname, ca: readFileSync(served.caFile) }, () => {
        socket.write(`GET /tools/inner/chat HTTP/1.1\r\nhost: ${hostname}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n`);
        socket.once("data", (data: Buffer) => {
          resolve(data.toString());
          socket.destroy();
        });
      }).on("error", reject);
    });
    expect(head).toMatch(/^HTTP\/1.1 101 [\s\S]*x-asked: \/chat\r\n/);
  });

  test("wakes an app that rests", async () => {
    await served.apps.apply(served.app("lazy-v1", { name: "lazy", scale: { minReplicas: 0, cooldownPeriod: 1 } }));
    await served.until(() => served.state("lazy").runningState === "Running");
    await served.until(() => served.state("lazy").replicas === 0);
    served.httpRoutes.apply(served.routes([rule("lazy", "/tools/lazy")]));
    expect(await asked("/tools/lazy/a")).toEqual([200, "lazy-v1", "/a"]);
  });
});

describe("a target", () => {
  beforeAll(async () => {
    const version = (suffix: string, traffic?: object[]) =>
      served.app(`many-${suffix}`, { name: "many", template: { revisionSuffix: suffix }, configuration: { activeRevisionsMode: "Multiple", ingress: { external: true, targetPort: 8000, traffic } } });
    await served.apps.apply(version("one"));
    await served.until(() => served.state("many").runningState === "Running");
    await served.apps.apply(version("two", [{ revisionName: "many--one", weight: 100, label: "blue" }, { revisionName: "many--two", weight: 0, label: "green" }]));
    await served.until(() => served.state("many").runningState === "Running");
  });

  test.each([
    ["the app, by its own traffic", {}, 200, "many-one"],
    ["a revision", { revision: "many--two" }, 200, "many-two"],
    ["a label", { label: "green" }, 200, "many-two"],
    ["a revision that is not there", { revision: "many--three" }, 503, "no healthy upstream"],
    ["a label that is not there", { label: "red" }, 503, "no healthy upstream"],
  ])("is %s", async (_what, target, status, body) => {
    served.httpRoutes.apply(served.routes([rule("many", "/many", target)]));
    expect(await get("/many/")).toMatchObject({ status, body });
  });

  test("shares with others by weight", async () => {
    const { routes } = rule("many", "/many");
    served.httpRoutes.apply(served.routes([{ routes, targets: [{ containerApp: "many", label: "blue", weight: 75 }, { containerApp: "many", label: "green", weight: 25 }, { containerApp: "echo" }] }]));
    const bodies = [];
    for (let count = 0; count < 8; count += 1) bodies.push((await get("/many/")).body);
    expect(bodies.sort()).toEqual([...Array<string>(6).fill("many-one"), ...Array<string>(2).fill("many-two")]);
  });
});
