import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { serveProvider } from "../../../../local/providers/grpc/server.ts";
import { InitFailedError } from "../../../../local/providers/grpc/errors.ts";
import { Secret } from "../../../../local/providers/grpc/property-values.ts";
import { noDiff } from "../../../../local/providers/grpc/provider.ts";
import { collectGarbage } from "../../../support/garbage.ts";
import { connectEngine, initFailureOf } from "../../../support/fake-engine.ts";
import type { Provider, ResourceContext } from "../../../../local/providers/grpc/provider.ts";
import type { PropertyMap } from "../../../../local/providers/grpc/property-values.ts";
import type { ProviderServer } from "../../../../local/providers/grpc/server.ts";
import type { FakeEngine } from "../../../support/fake-engine.ts";

/** A busy machine takes its time for five megabytes. */
jest.setTimeout(30_000);

const URN = "urn:pulumi:local::toolwharf::toolwharf:index:ToolServer$test:index:Thing::weather";

/** Creates what the test says, and remembers who asked. */
class TestProvider implements Provider {
  name = "test";
  version = "1.2.3";
  contexts: ResourceContext[] = [];
  creation: (inputs: PropertyMap, context: ResourceContext) => Promise<PropertyMap> = async (inputs) => inputs;
  invoke = async (): Promise<PropertyMap> => ({});
  check = async ({ news }: { news: PropertyMap }) => ({ inputs: news, failures: [] });
  diff = async () => noDiff;
  async create({ inputs }: { inputs: PropertyMap }, context: ResourceContext) {
    this.contexts.push(context);
    return { id: "made", outputs: await this.creation(inputs, context) };
  }
  update = async () => ({ outputs: {} });
  read = async ({ id }: { id: string }) => ({ id, inputs: {}, outputs: {} });
  delete = async () => undefined;
}

let provider: TestProvider;
let server: ProviderServer;
let first: FakeEngine;
let second: FakeEngine;

beforeEach(async () => {
  provider = new TestProvider();
  server = await serveProvider(provider);
  first = await connectEngine(server.port);
  second = await connectEngine(server.port);
});
afterEach(async () => {
  first.close();
  second.close();
  await server.close();
});

/** Resolves when its request's signal is aborted, with the reason. */
const untilAborted = (which: "signal" | "gone") => (_inputs: PropertyMap, context: ResourceContext) =>
  new Promise<PropertyMap>((_resolve, reject) => context[which].addEventListener("abort", () => reject(context[which].reason as Error)));

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

test("says the SDK's version, so that the engine does not warn", async () => {
  expect(await first.pluginVersion()).toBe("1.2.3");
});

test("a resource's context names it and its own type, not its parents'", async () => {
  await first.create(URN, {});
  expect(provider.contexts[0]).toMatchObject({ urn: URN, type: "test:index:Thing", name: "weather" });
});

test("each engine has its own configuration and gets its own lines", async () => {
  await first.configure({ location: "one" });
  await second.configure({ location: "two" });
  provider.creation = async (_inputs, { config, log }) => {
    log("info", `in ${String(config["location"])}`, { ephemeral: true });
    log("warning", "kept");
    return config;
  };
  const [one, two] = await Promise.all([first.create(URN, {}), second.create(URN, {})]);
  expect([one.outputs, two.outputs]).toEqual([{ location: "one" }, { location: "two" }]);
  expect(first.lines).toEqual([
    { severity: "info", message: "in one", urn: URN, ephemeral: true },
    { severity: "warning", message: "kept", urn: URN, ephemeral: false },
  ]);
  expect(second.lines[0]?.message).toBe("in two");
});

test("every line has arrived, in order, before the resource's own answer", async () => {
  const messages = Array.from({ length: 200 }, (_item, index) => `line ${index}`);
  provider.creation = async (inputs, { log }) => {
    for (const message of messages) log("info", message, { ephemeral: true });
    return inputs;
  };
  await first.create(URN, {});
  expect(first.lines.map(({ message }) => message)).toEqual(messages);
});

test("Cancel ends what its own connection waits for, and nothing else", async () => {
  provider.creation = untilAborted("signal");
  const mine = first.create(URN, {}).catch((error: Error) => error.message);
  let others = "waiting";
  void second.create(URN, {}).catch(() => (others = "ended"));
  await until(() => provider.contexts.length === 2);
  await first.cancel();
  expect(await mine).toContain("the engine canceled the operation");
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(others).toBe("waiting");
  await second.cancel();
});

test("an engine that is killed ends its requests, an interrupt alone leaves those that want to finish", async () => {
  provider.creation = untilAborted("gone");
  let ended = false;
  void first.create(URN, {}).catch(() => undefined);
  await until(() => provider.contexts.length === 1);
  provider.contexts[0]?.gone.addEventListener("abort", () => (ended = true));
  await first.cancel();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(ended).toBe(false);
  first.kill();
  await until(() => ended);
});

test("of an answered request nothing stays, though its engine and its time are not at an end", async () => {
  const signals: WeakRef<AbortSignal>[] = [];
  provider.creation = async (inputs, { signal }) => {
    signal.addEventListener("abort", () => undefined);
    signals.push(new WeakRef(signal));
    return inputs;
  };
  for (let request = 0; request < 20; request += 1) await first.create(URN, {});
  provider.contexts = [];
  await collectGarbage();
  // gRPC holds the last call of a connection.
  expect(signals.filter((signal) => signal.deref() !== undefined).length).toBeLessThanOrEqual(1);
});

test("a later engine on the same server starts afresh after a Cancel", async () => {
  await first.cancel();
  const third = await connectEngine(server.port);
  expect((await third.create(URN, { a: 1 })).outputs).toEqual({ a: 1 });
  third.close();
});

test("messages may be far bigger than gRPC's 4 MB", async () => {
  const big = "x".repeat(5 * 1024 * 1024);
  expect((await first.create(URN, { big })).outputs["big"]).toHaveLength(big.length);
});

test("an error is its message alone", async () => {
  provider.creation = async () => {
    throw new Error('Status=400 Code="X" Message="y"');
  };
  const error = await first.create(URN, {}).catch((caught: unknown) => caught as { details: string; code: number });
  expect(error).toMatchObject({ details: 'Status=400 Code="X" Message="y"', code: 2 });
  expect(initFailureOf(error)).toBeUndefined();
});

test("a partial failure carries what the state shall keep, secrets marked", async () => {
  provider.creation = async (inputs) => {
    throw new InitFailedError("not ready", { id: "/a/b", inputs, outputs: { password: new Secret("p") } });
  };
  const failure = initFailureOf(await first.create(URN, { key: new Secret("k") }).catch((caught: unknown) => caught));
  expect(failure).toStrictEqual({ id: "/a/b", reasons: ["not ready"], outputs: { password: new Secret("p") }, inputs: { key: new Secret("k") } });
});
