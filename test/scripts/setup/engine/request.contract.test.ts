import { createServer, type Server } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { engineRequest, streamedError } from "../../../../scripts/setup/engine/request.js";

describe("engineRequest", () => {
  const folder = mkdtempSync(join(tmpdir(), "toolwharf-socket-"));
  const address = { socketPath: join(folder, "engine.sock") };
  let server: Server;

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === "/silent") return;
      if (request.url === "/missing") response.writeHead(404).end('{"message":"no such image: x"}');
      else response.end("OK");
    });
    await new Promise<void>((resolve) => server.listen(address.socketPath, resolve));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  test("returns the body", async () => {
    await expect(engineRequest(address, { path: "/_ping" })).resolves.toBe("OK");
  });

  test("a refusal carries the engine's own words and the status", async () => {
    await expect(engineRequest(address, { path: "/missing" })).rejects.toMatchObject({ message: "no such image: x", status: 404 });
  });

  test("an engine that does not answer is given up", async () => {
    await expect(engineRequest(address, { path: "/silent", timeoutMs: 50 })).rejects.toThrow("no answer within 0.05 s");
  });

  test("where nothing listens, the code of the connection is told", async () => {
    await expect(engineRequest({ socketPath: join(folder, "absent.sock") }, { path: "/_ping" })).rejects.toMatchObject({ code: "ENOENT" });
  });
});

test("streamedError finds the failure that came with status 200", () => {
  expect(streamedError('{"status":"Pulling"}\n{"errorDetail":{"message":"denied"},"error":"denied"}\n')).toBe("denied");
  expect(streamedError('{"status":"Pulling"}\n')).toBeUndefined();
});
