import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { EventEmitter, once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as threads from "node:worker_threads";
import { START } from "../../../recipes/dockerfiles/node-helpers.ts";

const { emit } = http.Server.prototype;
const servers: http.Server[] = [];
const handlers = new Map<string, () => void>();
let exits: number[];

/** Preloaded into a process that is the first of a container. */
beforeEach(() => {
  exits = [];
  handlers.clear();
  const first = { env: {}, pid: 1, on: (signal: string, handler: () => void) => void handlers.set(signal, handler), listenerCount: () => 1, exit: (code: number) => void exits.push(code) };
  new Function("require", "process", START)((name: string) => (name === "node:http" ? http : threads), first);
});

afterEach(() => {
  http.Server.prototype.emit = emit;
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function listening(handler: http.RequestListener): Promise<string> {
  const server = http.createServer(handler);
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test("a tool that is asked to end answers the requests that any of its servers has, and ends then", async () => {
  const asked = new EventEmitter();
  const slow = await listening((_request, response) => void asked.emit("request", response));
  await listening((_request, response) => void response.end());
  const late = fetch(slow).then((answer) => answer.text());
  const [response] = (await once(asked, "request")) as [http.ServerResponse];

  const [slowClosed, otherClosed] = servers.map((server) => once(server, "close"));
  handlers.get("SIGTERM")!();
  await otherClosed;
  expect(exits).toEqual([]);
  response.setHeader("connection", "close").end("late");
  expect(await late).toBe("late");
  await slowClosed;
  expect(exits).toEqual([0]);
});
