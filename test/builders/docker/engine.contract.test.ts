import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openEngine } from "../../../builders/docker/engine.ts";

const folder = mkdtempSync(join(tmpdir(), "toolwharf-engine-"));
const socket = join(folder, "own.sock");
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => response.end(request.url === "/_ping" ? "OK" : JSON.stringify({ Version: "own" })));
  await new Promise<void>((resolve) => server.listen(socket, resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

test("the engine of the given environment is taken, not the process's", async () => {
  expect(await (await openEngine({ DOCKER_HOST: `unix://${socket}` })).version()).toMatchObject({ Version: "own" });
});

test("every cause is told", async () => {
  const gone = `unix://${folder}/gone.sock`;
  await expect(openEngine({ DOCKER_HOST: gone })).rejects.toMatchObject({ code: "DOCKER_UNREACHABLE", message: expect.stringMatching(/tried unix:.*gone\.sock: .*ENOENT/) });
  await expect(openEngine({ DOCKER_HOST: "tcp://127.0.0.1:1" })).rejects.toMatchObject({ code: "DOCKER_UNREACHABLE", message: expect.stringContaining("ECONNREFUSED") });
  await expect(openEngine({ DOCKER_HOST: "tcp://no address" })).rejects.toMatchObject({ code: "DOCKER_UNREACHABLE", message: expect.stringContaining("Invalid URL") });
});

(process.getuid?.() === 0 ? test.skip : test)("an engine that this user may not use is not called unreachable", async () => {
  chmodSync(socket, 0);
  await expect(openEngine({ DOCKER_HOST: `unix://${socket}` })).rejects.toMatchObject({ code: "DOCKER_FORBIDDEN", next: expect.stringContaining("docker") });
});
