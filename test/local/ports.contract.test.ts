import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { isFree, openPorts } from "../../local/ports.ts";

let folder: string;
let file: string;
const servers: Server[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "toolwharf-ports-"));
  file = join(folder, "ports.json");
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
  rmSync(folder, { recursive: true, force: true });
});

function listen(port = 0, host = "127.0.0.1"): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(port, host, () => resolve((server.address() as { port: number }).port));
    servers.push(server);
  });
}

async function freePort(): Promise<number> {
  const port = await listen();
  await new Promise((done) => servers.pop()!.close(done));
  return port;
}

describe("ports", () => {
  test("the first preferred port that is free is taken, and written down before it is answered", async () => {
    const [taken, free] = [await listen(), await freePort()];
    expect(await openPorts(file).reserve("ingress", [taken, free])).toBe(free);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ ingress: free });
  });

  test("any free port is taken when none of the preferred is", async () => {
    const taken = await listen();
    const port = await openPorts(file).reserve("ingress", [taken]);
    expect(port).not.toBe(taken);
    expect(await isFree(port)).toBe(true);
  });

  test("a later start gets the same port again, whatever it prefers", async () => {
    const [first, other] = [await freePort(), await freePort()];
    await openPorts(file).reserve("arm", [first]);
    expect(await openPorts(file).reserve("arm", [other])).toBe(first);
  });

  test("two names never get one port, even asked at the same time and before anybody listens", async () => {
    const port = await freePort();
    const ports = openPorts(file);
    const [one, two] = await Promise.all([ports.reserve("one", [port]), ports.reserve("two", [port])]);
    expect(one).toBe(port);
    expect(two).not.toBe(port);
  });

  test("many asked at the same time get all of the preferred ones, in order", async () => {
    const preferred = [await freePort(), await freePort(), await freePort(), await freePort()];
    const ports = openPorts(file);
    expect(await Promise.all(preferred.map((_, index) => ports.reserve(`name-${index}`, preferred)))).toEqual(preferred);
  });

  test("a remembered port that somebody took is given up for an ordinary name", async () => {
    const port = await freePort();
    await openPorts(file).reserve("arm", [port]);
    await listen(port);
    expect(await openPorts(file).reserve("arm", [port])).not.toBe(port);
  });

  test("a registry's port is part of image names: taken by another process, it is an error that names the port", async () => {
    const port = await freePort();
    await openPorts(file).reserve("registry-acr1", [port]);
    await listen(port);
    await expect(openPorts(file).reserve("registry-acr1", [port])).rejects.toMatchObject({ code: "PORT_TAKEN", value: String(port), next: expect.stringContaining("ss -ltnp") });
    await expect(openPorts(file).reserve("arm", [])).resolves.toBeGreaterThan(0);
  });

  test("a released port can be another name's", async () => {
    const port = await freePort();
    const ports = openPorts(file);
    await ports.reserve("registry-a", [port]);
    ports.release(port);
    expect(await ports.reserve("registry-b", [port])).toBe(port);
    expect(openPorts(file).all()).toEqual({ "registry-b": port });
  });

  test("a port that is only taken on the IPv6 loopback is not free: localhost can mean that one", async () => {
    const port = await freePort();
    try {
      await listen(port, "::1");
    } catch {
      servers.pop(); // A machine without IPv6.
      return;
    }
    expect(await isFree(port)).toBe(false);
  });
});
