import { PassThrough } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import type Docker from "dockerode";
import type { ContainerSpec } from "../../../local/apps/engine.ts";
import { dockerEngine } from "../../../local/apps/docker-engine.ts";
import { systemClock } from "../../../local/apps/clock.ts";

test("an image's own health check is not run: Azure looks at none", async () => {
  let wanted: Docker.ContainerCreateOptions | undefined;
  const container = { start: async () => undefined, inspect: async () => ({ Id: "c", State: {}, NetworkSettings: { Ports: {}, Networks: {} } }) };
  const docker = { createContainer: async (options: Docker.ContainerCreateOptions) => ((wanted = options), container) } as unknown as Docker;
  const spec: ContainerSpec = { name: "n", image: "i", labels: {}, env: [], membership: { network: "w", nameServer: "127.0.0.1", authorityFile: "/ca.pem" }, ports: [], cpus: 1, memoryBytes: 1, volumes: [] };
  await dockerEngine(docker, "i", systemClock).run(spec);
  expect(wanted?.Healthcheck).toEqual({ Test: ["NONE"] });
});

test("a line of the event stream that is no JSON ends that stream, and it is taken up again", async () => {
  const streams: PassThrough[] = [];
  const docker = { getEvents: async () => streams[streams.push(new PassThrough()) - 1] } as unknown as Docker;
  const ended: string[] = [];
  const waits: Array<() => void> = [];
  const clock = { ...systemClock, after: (_: number, run: () => void) => (waits.push(run), { cancel: () => undefined }) };
  const watcher = dockerEngine(docker, "i", clock).watch(({ id }) => ended.push(id));
  const event = (id: string) => `${JSON.stringify({ Actor: { ID: id, Attributes: {} } })}\n`;
  const settle = async () => {
    for (let turns = 0; turns < 10; turns += 1) await turn();
  };
  await settle();
  streams[0]!.write(event("one"));
  await settle();
  streams[0]!.write("<html>\n");
  await settle();
  waits[0]!();
  await settle();
  streams[1]!.write(event("two"));
  await settle();
  expect(ended).toEqual(["one", "two"]);
  watcher.close();
  await settle();
});
