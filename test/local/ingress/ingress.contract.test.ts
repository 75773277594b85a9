import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request as httpRequest, type RequestListener, type Server } from "node:http";
import { createServer as createTcpServer, connect as connectTcp, type AddressInfo, type Server as TcpServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { openCertificates, type Certificates } from "../../../local/certificates.ts";
import { serveIngress, type Ingress } from "../../../local/ingress/ingress.ts";
import { NO_ROUTE, type Asked, type Route } from "../../../local/ingress/route.ts";
import { ask } from "../../support/https-client.ts";

const DOMAIN = "livelyforest-01234567.westeurope.azurecontainerapps.localhost";
const folder = mkdtempSync(join(tmpdir(), "toolwharf-ingress-"));
let certificates: Certificates;
let ingress: Ingress;
let httpPort: number;
/** What is served under a name; a replica is a port. */
let routes: Map<string, Partial<Route> & { ports: number[] }>;
/** Ports of leases, as they were given, and how many are not done. */
let leased: number[];
let open: number;
/** Where the last client was. */
let askedFrom: string | undefined;
const servers: Array<Server | TcpServer> = [];

const routeOf = ({ host, url, environmentId }: Asked): Route | typeof NO_ROUTE | undefined => {
  askedFrom = environmentId;
  if (url.startsWith("/nowhere")) return NO_ROUTE;
  const found = routes.get(host.replace(`.${DOMAIN}`, ""));
  return found && {
    active: true,
    external: true,
    hostName: `full.internal.${DOMAIN}`,
    allowInsecure: false,
    addressRules: [],
    async lease(tried) {
      const port = found.ports.find((each) => !tried.has(replicaOf(each))) ?? found.ports[0];
      if (port === undefined) return undefined;
      leased.push(port);
      open += 1;
      let done = () => {
        open -= 1;
        done = () => undefined;
      };
      return { replica: replicaOf(port), port, upgraded: () => undefined, done: () => done() };
    },
    ...found,
  };
};
const replicas = new Map<number, object>();
const replicaOf = (port: number): object => replicas.get(port) ?? (replicas.set(port, { port }), replicas.get(port)!);

beforeAll(async () => {
  certificates = await openCertificates(folder);
  httpPort = (await listening(createTcpServer())).port;
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  ingress = await serveIngress({ certificates, port: 0, httpPort, apps: { routeOf }, idleLimitMs: 400 });
});
afterAll(async () => {
  for (const server of servers) {
    if ("closeAllConnections" in server) server.closeAllConnections();
    server.close();
  }
  await ingress.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  routes = new Map();
  leased = [];
  open = 0;
});

async function listening(server: Server | TcpServer): Promise<AddressInfo> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server.address() as AddressInfo;
}
const replica = async (listener: RequestListener): Promise<number> => (await listening(createServer(listener))).port;
/** Accepts connections and closes them at once, as the engine's forwarder does before a container that listens no more. */
const deaf = async (): Promise<number> => (await listening(createTcpServer((socket) => socket.destroy()))).port;
const unused = async (): Promise<number> => {
  const server = createTcpServer();
  const { port } = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
};
const url = (name: string, path = "/") => `https://${name}.${DOMAIN}:${ingress.port}${path}`;
const get = (name: string, path = "/", options = {}) => ask(url(name, path), certificates.caFile, { agent: false, ...options });

describe("a request", () => {
  test("reaches the replica as it was sent, with what the ingress knows of it", async () => {
    const port = await replica((request, response) => {
      response.setHeader("set-cookie", ["a=1", "b=2"]);
      response.end(JSON.stringify({ url: request.url, method: request.method, headers: request.headers }));
    });
    routes.set("echo", { ports: [port] });
    const answer = await get("echo", "/a%2Fb?c=d", { headers: { "x-forwarded-for": "10.0.0.1", "x-forwarded-proto": "gopher", "x-own": "1" } });
    const seen = JSON.parse(answer.body) as { url: string; headers: Record<string, string> };
    expect(seen.url).toBe("/a%2Fb?c=d");
    expect(seen.headers).toMatchObject({
      host: `echo.${DOMAIN}:${ingress.port}`,
      "x-forwarded-for": "10.0.0.1, 127.0.0.1",
      "x-forwarded-proto": "https",
      "x-forwarded-host": `echo.${DOMAIN}:${ingress.port}`,
      "x-own": "1",
    });
    expect(answer.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
    expect(answer.headers.connection).not.toBe("close, close");
    await sleep(10);
    expect(open).toBe(0);
  });

  test("that a route leads elsewhere is asked there, and says what was asked for first", async () => {
    const port = await replica((request, response) => response.end(JSON.stringify([request.url, request.headers["x-envoy-original-path"]])));
    routes.set("tools", { ports: [port], url: "/health?a=b" });
    expect((await get("tools", "/tools/weather/health?a=b")).body).toBe('["/health?a=b","/tools/weather/health?a=b"]');
    routes.set("echo", { ports: [port] });
    expect((await get("echo", "/plain")).body).toBe('["/plain",null]');
  });

  test("brings its body, and gets an answer that streams", async () => {
    const port = await replica((request, response) => {
      let size = 0;
      request.on("data", (chunk: Buffer) => (size += chunk.length));
      request.on("end", () => {
        response.write("one ");
        setTimeout(() => response.end(String(size)), 20);
      });
    });
    routes.set("echo", { ports: [port] });
    expect(await get("echo", "/", { method: "POST", form: "x".repeat(5_000_000) })).toMatchObject({ status: 200, body: "one 5000000" });
  });

  test.each([
    ["refused", unused, ["GET", "POST"]],
    ["closed at once", deaf, ["GET"]],
  ])("whose connection is %s goes to another replica", async (_, away, methods) => {
    const [gone, port] = [await away(), await replica((request, response) => void request.pipe(response))];
    routes.set("echo", { ports: [gone, port] });
    for (const method of methods) {
      leased = [];
      expect(await get("echo", "/", { method, form: method === "POST" ? "body" : undefined })).toMatchObject({ status: 200, body: method === "POST" ? "body" : "" });
      expect(leased).toEqual([gone, port]);
    }
    expect(open).toBe(0);
  });

  test("that may have been read is not sent twice", async () => {
    let count = 0;
    const port = await replica((request) => {
      count += 1;
      request.socket.destroy();
    });
    routes.set("echo", { ports: [port, port] });
    expect(await get("echo", "/", { method: "POST", form: "once" })).toMatchObject({ status: 503 });
    expect(await get("echo", "/", { method: "DELETE" })).toMatchObject({ status: 503 });
    expect(count).toBe(2);
    expect(open).toBe(0);
  });

  test("that breaks in the middle of the answer is seen to break", async () => {
    const port = await replica((request, response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("half");
      setTimeout(() => request.socket.destroy(), 20);
    });
    routes.set("echo", { ports: [port] });
    await expect(get("echo")).rejects.toThrow(/aborted|hang up/);
    await sleep(20);
    expect(open).toBe(0);
  });

  test("whose client goes away is ended at the replica", async () => {
    let ended = false;
    const port = await replica((request) => void request.on("close", () => (ended = true)));
    routes.set("echo", { ports: [port] });
    await expect(get("echo", "/", { timeout: 50 })).rejects.toThrow();
    await sleep(50);
    expect([ended, open]).toEqual([true, 0]);
  });
});

describe("Azure's own answers", () => {
  const PAGE = "Error 404 - This Container App is stopped or does not exist.";
  test.each([
    ["a name that no app has", undefined, 404, PAGE],
    ["an internal app from outside", { external: false }, 404, PAGE],
    ["an app without an active revision", { active: false }, 404, PAGE],
    ["a client that no Allow rule names", { addressRules: [{ ipAddressRange: "10.0.0.0/8", action: "Allow" }] }, 403, "RBAC: access denied"],
    ["a client that a Deny rule names", { addressRules: [{ ipAddressRange: "127.0.0.1", action: "Deny" }] }, 403, "RBAC: access denied"],
    ["no replica", { ports: [] }, 503, "no healthy upstream"],
  ])("%s", async (_, route, status, text) => {
    if (route) routes.set("echo", { ports: [await unused()], ...route });
    expect(await get("echo")).toMatchObject({ status, body: expect.stringContaining(text) });
  });

  test.each([
    ["an Allow rule", [{ ipAddressRange: "10.0.0.0/8", action: "Allow" }, { ipAddressRange: "127.0.0.0/8", action: "Allow" }]],
    ["a Deny rule for others", [{ ipAddressRange: "10.0.0.1", action: "Deny" }, { ipAddressRange: "::1", action: "Deny" }]],
  ])("%s lets this machine in", async (_, addressRules) => {
    routes.set("echo", { ports: [await replica((__, response) => response.end("in"))], addressRules });
    expect(await get("echo")).toMatchObject({ status: 200, body: "in" });
  });

  test("a path that leads nowhere", async () => {
    routes.set("echo", { ports: [await unused()] });
    expect(await get("echo", "/nowhere/else")).toMatchObject({ status: 404, body: "" });
  });

  test("nobody answers", async () => {
    routes.set("echo", { ports: [await unused()] });
    expect(await get("echo")).toMatchObject({ status: 503, body: expect.stringContaining("Connection refused") });
    routes.set("echo", { ports: [await deaf()] });
    expect(await get("echo")).toMatchObject({ status: 503, body: expect.stringContaining("connection termination") });
  });

  test("the replica is silent for too long", async () => {
    routes.set("echo", { ports: [await replica(() => undefined)] });
    expect(await get("echo")).toMatchObject({ status: 504, body: "stream timeout" });
    expect(leased).toHaveLength(1);
  });

  test("the replica does not speak HTTP", async () => {
    routes.set("echo", { ports: [(await listening(createTcpServer((socket) => void socket.end("hello\n\n")))).port] });
    expect(await get("echo")).toMatchObject({ status: 502 });
  });
});

describe("plain HTTP", () => {
  const plain = (name: string, path: string) =>
    new Promise<{ status: number; location: string | undefined }>((resolve, reject) => {
      httpRequest({ host: "127.0.0.1", port: httpPort, path, headers: { host: `${name}.${DOMAIN}` } }, (response) => {
        response.resume();
        resolve({ status: response.statusCode!, location: response.headers.location });
      })
        .on("error", reject)
        .end();
    });

  test("leads to HTTPS, unless the app allows it", async () => {
    const port = await replica((request, response) => response.writeHead(request.headers["x-forwarded-proto"] === "http" ? 204 : 500).end());
    routes.set("echo", { ports: [port] });
    routes.set("open", { ports: [port], allowInsecure: true });
    expect(await plain("echo", "/a?b")).toEqual({ status: 301, location: url("echo", "/a?b") });
    expect(await plain("open", "/")).toMatchObject({ status: 204 });
    expect(await plain("nobody", "/")).toMatchObject({ status: 404 });
    routes.set("tools", { ports: [port], url: "/" });
    expect(await plain("tools", "/tools/weather?a")).toEqual({ status: 301, location: url("tools", "/tools/weather?a") });
  });
});

describe("a WebSocket", () => {
  const upgrade = (name: string) =>
    new Promise<{ head: string; say(text: string): Promise<string>; end(): void }>((resolve, reject) => {
      const socket = connectTls({ host: "127.0.0.1", port: ingress.port, servername: `${name}.${DOMAIN}`, ca: certificates.caPem }, () => {
        socket.write(`GET /chat HTTP/1.1\r\nhost: ${name}.${DOMAIN}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-key: dGVzdA==\r\nsec-websocket-version: 13\r\n\r\n`);
        socket.once("data", (head: Buffer) =>
          resolve({
            head: head.toString(),
            say: (text) => new Promise((answered) => socket.once("data", (data: Buffer) => answered(data.toString())).write(text)),
            end: () => socket.destroy(),
          }),
        );
      }).on("error", reject);
    });

  test("is coupled with the replica until one side ends", async () => {
    const server = createServer();
    let ended = false;
    server.on("upgrade", (request, socket) => {
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nx-path: ${request.url}\r\nx-proto: ${String(request.headers["x-forwarded-proto"])}\r\n\r\n`);
      socket.on("data", (data: Buffer) => socket.write(`you said ${data.toString()}`));
      socket.on("end", () => {
        ended = true;
        socket.end();
      });
    });
    routes.set("chat", { ports: [(await listening(server)).port] });
    const client = await upgrade("chat");
    expect(client.head).toMatch(/^HTTP\/1.1 101 [\s\S]*x-path: \/chat[\s\S]*x-proto: https/i);
    expect(await client.say("hello")).toBe("you said hello");
    await sleep(500);
    expect(await client.say("again")).toBe("you said again");
    client.end();
    await sleep(50);
    expect([ended, open]).toEqual([true, 0]);
  });

  test("whose client leaves before the replica has agreed is ended at the replica", async () => {
    const server = createServer();
    let ended = false;
    server.on("upgrade", (_, socket) => {
      socket.on("data", () => undefined);
      socket.on("close", () => (ended = true)).on("end", () => socket.end()).on("error", () => undefined);
      setTimeout(() => client.destroy(), 20);
    });
    routes.set("chat", { ports: [(await listening(server)).port] });
    const client = connectTls({ host: "127.0.0.1", port: ingress.port, servername: `chat.${DOMAIN}`, ca: certificates.caPem }, () => {
      client.write(`GET / HTTP/1.1\r\nhost: chat.${DOMAIN}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n`);
    });
    await sleep(150);
    expect([ended, open]).toEqual([true, 0]);
  });

  test.each([
    [false, /^HTTP\/1.1 301 Moved Permanently\r\nlocation: (\S+)/],
    [true, /^HTTP\/1.1 503 [\s\S]*no healthy upstream/],
  ])("on the plain port goes on to a replica only if the app allows it: %s", async (allowInsecure, expected) => {
    routes.set("chat", { ports: [], allowInsecure });
    const socket = connectTcp({ host: "127.0.0.1", port: httpPort });
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
    socket.write(`GET /chat?a=b HTTP/1.1\r\nhost: chat.${DOMAIN}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n`);
    await new Promise((resolve) => socket.once("close", resolve));
    const found = expected.exec(answer);
    expect(found).not.toBeNull();
    if (!allowInsecure) expect(found![1]).toBe(url("chat", "/chat?a=b"));
    expect(leased).toEqual([]);
  });

  test("is refused as a request is", async () => {
    expect((await upgrade("nobody")).head).toMatch(/^HTTP\/1.1 404 /);
    routes.set("chat", { ports: [] });
    expect((await upgrade("chat")).head).toMatch(/^HTTP\/1.1 503 [\s\S]*no healthy upstream/);
    routes.set("chat", { ports: [await unused()] });
    expect((await upgrade("chat")).head).toMatch(/^HTTP\/1.1 503 [\s\S]*Connection refused/);
    await sleep(20);
    expect(open).toBe(0);
  });
});

describe("a client inside an environment", () => {
  const CLIENT = "172.18.128.9";
  /** A connection as the environment's gateway hands it over. */
  const enter = async (scheme: "http" | "https"): Promise<Socket> => {
    const gateway = createTcpServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => ingress.accept("env", scheme, socket, CLIENT));
    const { port } = await listening(gateway);
    return connectTcp({ host: "127.0.0.1", port });
  };
  const say = async (scheme: "http" | "https", name: string, head = ""): Promise<string> => {
    const raw = await enter(scheme);
    const socket = scheme === "http" ? raw : connectTls({ socket: raw, servername: `${name}.${DOMAIN}`, ca: certificates.caPem });
    let said = "";
    socket.on("data", (chunk: Buffer) => (said += chunk.toString()));
    socket.write(`GET /a?b HTTP/1.1\r\nhost: ${name}.${DOMAIN}\r\n${head}${head.includes("Upgrade") ? "" : "connection: close\r\n"}\r\n`);
    await new Promise((resolve) => socket.once("close", resolve));
    return said;
  };

  test.each(["http", "https"] as const)("is known to routes, rules and replicas, over %s", async (scheme) => {
    const port = await replica((request, response) => response.end(JSON.stringify(request.headers)));
    const rule = (action: string) => [{ ipAddressRange: `${CLIENT}/32`, action }];
    routes.set("echo", { ports: [port], allowInsecure: true, addressRules: rule("Allow") });
    routes.set("shut", { ports: [port], allowInsecure: true, addressRules: rule("Deny") });
    const answer = await say(scheme, "echo", "x-forwarded-for: 1.2.3.4\r\n");
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer).toContain(`"x-forwarded-for":"1.2.3.4, ${CLIENT}"`);
    expect(answer).toContain(`"x-forwarded-proto":"${scheme}"`);
    expect(askedFrom).toBe("env");
    expect(await say(scheme, "shut")).toMatch(/^HTTP\/1.1 403 /);
    await get("echo");
    expect(askedFrom).toBeUndefined();
  });

  test.each(["", "connection: Upgrade\r\nupgrade: websocket\r\n"])("is led to HTTPS by the full name, at the gateway's own port", async (head) => {
    routes.set("echo", { ports: [] });
    expect(await say("http", "echo", head)).toMatch(new RegExp(`^HTTP/1.1 301 [^]*location: https://full\\.internal\\.${DOMAIN}/a\\?b\r\n`));
  });

  test.each(["http", "https"] as const)("has WebSockets, over %s", async (scheme) => {
    const server = createServer().on("upgrade", (request, socket) => {
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nx-from: ${String(request.headers["x-forwarded-for"])}\r\n\r\n`);
      setTimeout(() => socket.end("bye"), 50);
    });
    routes.set("chat", { ports: [(await listening(server)).port], allowInsecure: true });
    expect(await say(scheme, "chat", "connection: Upgrade\r\nupgrade: websocket\r\n")).toMatch(new RegExp(`^HTTP/1.1 101 [^]*x-from: ${CLIENT}[^]*bye$`, "i"));
    await sleep(20);
    expect(open).toBe(0);
  });

  test("that leaves during the handshake leaves nothing behind", async () => {
    let left: Socket | undefined;
    const gateway = createTcpServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => ingress.accept("env", "https", (left = socket), CLIENT));
    const { port } = await listening(gateway);
    const raw = connectTcp({ host: "127.0.0.1", port });
    const client = connectTls({ socket: raw, servername: `echo.${DOMAIN}`, ca: certificates.caPem }, () => raw.destroy()).on("error", () => undefined);
    await new Promise((resolve) => client.once("close", resolve));
    await sleep(100);
    expect(left!.destroyed).toBe(true);
  });
});

test("each domain has a certificate of its own, internal names included, and others are told the truth too", async () => {
  for (const name of ["one", "two.internal"]) expect((await get(name)).status).toBe(404);
  expect((await ask(`https://gone.oldsea-89abcdef.eastus.azurecontainerapps.localhost:${ingress.port}/`, certificates.caFile)).status).toBe(404);
  expect((await ask(`https://localhost:${ingress.port}/`, certificates.caFile)).status).toBe(404);
});

test("nobody outside this machine can connect", async () => {
  const { networkInterfaces } = await import("node:os");
  const outside = Object.values(networkInterfaces()).flat().find((each) => each && !each.internal && each.family === "IPv4");
  if (!outside) return;
  const error = await new Promise<string>((resolve) => connectTcp(ingress.port, outside.address).on("connect", () => resolve("connected")).on("error", (thrown: NodeJS.ErrnoException) => resolve(thrown.code!)));
  expect(error).toBe("ECONNREFUSED");
});
