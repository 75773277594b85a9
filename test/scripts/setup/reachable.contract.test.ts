import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:https";
import { connect, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openCertificates } from "../../../local/certificates.ts";
// @ts-ignore plain JavaScript
import { isReachable } from "../../../scripts/setup/reachable.js";

const folder = mkdtempSync(join(tmpdir(), "toolwharf-reachable-"));
const servers: Server[] = [];
const tunnelled: string[] = [];
let target: string;
let proxy: string;
let env: NodeJS.ProcessEnv;

const listening = async (server: Server): Promise<number> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
};
beforeAll(async () => {
  const certificates = await openCertificates(folder);
  const { certPem: cert, keyPem: key } = await certificates.issue(["localhost"]);
  // PATH is empty: no curl is needed.
  env = { NODE_EXTRA_CA_CERTS: certificates.caFile, PATH: "" };
  target = `https://localhost:${await listening(createServer({ cert, key }, (_, response) => response.writeHead(401).end()))}/v2/`;
  const forward = createHttpServer().on("connect", (request, socket) => {
    tunnelled.push(`${request.url} ${request.headers["proxy-authorization"]}`);
    const upstream = connect(Number(request.url!.split(":")[1]), "127.0.0.1", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
    upstream.pipe(socket).pipe(upstream);
    for (const each of [upstream, socket]) each.on("error", () => undefined).on("close", () => (upstream.destroy(), socket.destroy()));
  });
  proxy = `http://me:secret@127.0.0.1:${await listening(forward)}`;
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

test("any answer counts, without curl", async () => {
  expect(await isReachable(target, env)).toBe(true);
  expect(await isReachable("https://127.0.0.1:1/", env)).toBe(false);
});

test("the machine's proxy is used, unless the host is excepted", async () => {
  expect(await isReachable(target, { ...env, HTTPS_PROXY: proxy })).toBe(true);
  expect(tunnelled).toEqual([`${new URL(target).host} Basic ${Buffer.from("me:secret").toString("base64")}`]);
  expect(await isReachable(target, { ...env, HTTPS_PROXY: proxy, NO_PROXY: "example.org,localhost" })).toBe(true);
  expect(tunnelled).toHaveLength(1);
  expect(await isReachable(target, { ...env, https_proxy: "http://127.0.0.1:1" })).toBe(false);
});
