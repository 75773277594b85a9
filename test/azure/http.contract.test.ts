import { describe, expect, test } from "@jest/globals";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createHttp, HttpTimeout } from "../../azure/http.ts";
import { serveFake } from "./fake-server.ts";

describe("requests", () => {
  test("carry method, headers and body, and give status, headers and text", async () => {
    await using server = await serveFake(() => ({ status: 201, headers: { "x-answer": "yes" }, body: "grüße" }));
    const answer = await createHttp(server.caFile).send(`${server.origin}/a?b=c`, { method: "POST", headers: { "x-asked": "1" }, body: "ö" });
    expect(answer).toMatchObject({ status: 201, headers: { "x-answer": "yes" }, text: "grüße" });
    expect(server.requests).toEqual([expect.objectContaining({ method: "POST", path: "/a", body: "ö", headers: expect.objectContaining({ "x-asked": "1", "content-length": "2" }) })]);
  });

  test("find every name below localhost on this machine", async () => {
    await using server = await serveFake(() => ({}));
    const http = createHttp(server.caFile);
    for (const host of ["localhost", "registry.localhost", "weather.apps.localhost"]) {
      expect(await http.send(`https://${host}:${server.port}/`)).toMatchObject({ status: 200 });
    }
    expect(server.requests.map(({ host }) => host)).toEqual([`localhost:${server.port}`, `registry.localhost:${server.port}`, `weather.apps.localhost:${server.port}`]);
  });

  test("go by the proxy that the environment names, but never to this machine", async () => {
    const asked: string[] = [];
    const proxy = createServer().on("connect", ({ url }, socket) => {
      asked.push(url!);
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    await using server = await serveFake(() => ({}));
    try {
      const http = createHttp(server.caFile, { HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, no_proxy: "intranet.example" });
      for (const host of ["localhost", "weather.apps.localhost"]) expect(await http.send(`https://${host}:${server.port}/`)).toMatchObject({ status: 200 });
      expect(asked).toEqual([]);
      await expect(http.send("https://management.example/")).rejects.toThrow();
      expect(asked).toEqual(["management.example:443"]);
    } finally {
      proxy.close();
    }
  });

  test("do not go to a server that the authorities do not vouch for", async () => {
    await using server = await serveFake(() => ({}));
    await using other = await serveFake(() => ({}));
    await expect(createHttp(other.caFile).send(server.origin)).rejects.toThrow(/self-signed|unable to verify/);
    await expect(createHttp().send(server.origin)).rejects.toThrow(/self-signed|unable to verify/);
    expect(server.requests).toEqual([]);
  });

  test("are given up after their time, without the query in the message", async () => {
    await using server = await serveFake(() => ({ delayMs: 2_000 }));
    const error = await createHttp(server.caFile).send(`${server.origin}/slow?signature=secret`, { timeoutMs: 100 }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HttpTimeout);
    expect((error as Error).message).toBe(`GET ${server.origin}/slow was not answered within 100 ms`);
  });

  test("fail with the system's code when nobody listens", async () => {
    let port: number;
    {
      await using server = await serveFake(() => ({}));
      port = server.port;
    }
    await expect(createHttp().send(`https://localhost:${port}`)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("take no more than a MiB of an answer", async () => {
    await using server = await serveFake(() => ({ body: "x".repeat(3 * 1024 * 1024) }));
    expect((await createHttp(server.caFile).send(server.origin)).text).toHaveLength(1024 * 1024);
  });
});
