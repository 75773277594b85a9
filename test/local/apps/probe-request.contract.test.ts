import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { Listening } from "../../../local/apps/listening.ts";
import { probesOf, type ProbeSettings } from "../../../local/apps/probe.ts";
import { sendProbe } from "../../../local/apps/probe-request.ts";

const servers: Array<Server | TcpServer> = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    if ("closeAllConnections" in server) server.closeAllConnections();
    server.close();
  }
});

async function port(server: Server | TcpServer): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
const http = (listener: RequestListener) => port(createServer(listener));
const tcp = (listener: (socket: Socket) => void) => port(createTcpServer(listener));
const send = (settings: Partial<ProbeSettings>, target: number, listening?: Listening) =>
  sendProbe(probesOf([{ type: "Readiness", timeoutSeconds: 1, ...settings }], undefined)[0]!, { port: target, listening: () => listening });
const GET = { httpGet: { path: "/health", port: 8000 } };
const TCP = { tcpSocket: { port: 8000 } };

describe("a probe by HTTP", () => {
  test.each([
    [200, true],
    [302, true],
    [399, true],
    [400, false],
    [500, false],
  ])("answered %i: %s", async (status, ok) => {
    expect((await send(GET, await http((_, response) => response.writeHead(status).end()))).ok).toBe(ok);
  });

  test("tells what was asked and answered, in one short line", async () => {
    const target = await http((_, response) => response.writeHead(503).end(`database\n  is away ${"x".repeat(1000)}`));
    const { said } = await send(GET, target);
    expect(said).toMatch(/^HTTP 503 from GET :8000\/health: database is away x+$/);
    expect(said.length).toBeLessThan(250);
  });

  test("sends its path, host and headers", async () => {
    let seen: unknown;
    const target = await http(({ url, headers }, response) => {
      seen = [url, headers.host, headers["x-key"]];
      response.end();
    });
    await send({ httpGet: { path: "/a?b", port: 8000, httpHeaders: [{ name: "Host", value: "tool.example" }, { name: "X-Key", value: "1" }] } }, target);
    expect(seen).toEqual(["/a?b", "tool.example", "1"]);
  });

  test("that is not answered in time", async () => {
    expect(await send(GET, await http(() => undefined))).toEqual({ ok: false, refused: false, said: "no answer within 1 s from GET :8000/health" });
  });
});

describe.each([
  ["HTTP", GET, "connection refused by GET :8000/health"],
  ["TCP", TCP, "connection refused by port 8000"],
])("a probe by %s is refused", (_, settings, said) => {
  const refused = { ok: false, refused: true, said };
  test("when nobody listens", async () => {
    const server = createTcpServer();
    const target = await port(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await send(settings, target)).toEqual(refused);
  });

  test("when the engine's forwarder accepts and closes", async () => {
    expect(await send(settings, await tcp((socket) => void setTimeout(() => socket.destroy(), 20)))).toEqual(refused);
  });

  test("when the container is seen to listen elsewhere, or on loopback only", async () => {
    const target = await http((__, response) => response.end());
    expect(await send(settings, target, { open: [80], loopback: [8000] })).toEqual(refused);
    expect((await send(settings, target, { open: [8000], loopback: [] })).ok).toBe(true);
  });
});

test("a probe by TCP passes when somebody keeps the connection, or says something", async () => {
  expect((await send(TCP, await tcp((socket) => void socket.on("error", () => undefined)))).ok).toBe(true);
  expect((await send(TCP, await tcp((socket) => void socket.write("220 hello\n")))).ok).toBe(true);
});
