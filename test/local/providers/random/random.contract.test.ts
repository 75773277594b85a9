import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { serveProvider } from "../../../../local/providers/grpc/server.ts";
import { unknown } from "../../../../local/providers/grpc/property-values.ts";
import { randomProvider } from "../../../../local/providers/random/provider.ts";
import { connectEngine } from "../../../support/fake-engine.ts";
import type { ProviderServer } from "../../../../local/providers/grpc/server.ts";
import type { FakeEngine } from "../../../support/fake-engine.ts";

let server: ProviderServer;
let engine: FakeEngine;
beforeAll(async () => {
  server = await serveProvider(randomProvider());
  engine = await connectEngine(server.port);
});
afterAll(async () => {
  engine.close();
  await server.close();
});

const urn = (type: string) => `urn:pulumi:local::toolwharf::${type}::suffix`;
const STRING = urn("random:index/randomString:RandomString");
const ID = urn("random:index/randomId:RandomId");

describe("RandomString", () => {
  test.each([
    [{ length: 6, special: false, upper: false }, /^[a-z0-9]{6}$/],
    [{ length: 40, special: false, upper: false, numeric: false }, /^[a-z]{40}$/],
    [{ length: 40, special: false, upper: false, number: false }, /^[a-z]{40}$/],
    [{ length: 40, lower: false, upper: false, numeric: false, overrideSpecial: "_-" }, /^[_-]{40}$/],
    [{ length: 5, minNumeric: 5 }, /^[0-9]{5}$/],
    [{ length: 4, minUpper: 2, minSpecial: 2, overrideSpecial: "!" }, /^(?=.*[A-Z].*[A-Z])(?=.*!.*!).{4}$/],
  ])("%j", async (inputs, pattern) => {
    const { id, outputs } = await engine.create(STRING, inputs);
    expect(outputs["result"]).toMatch(pattern);
    expect(id).toBe(outputs["result"]);
  });

  test("answers every option", async () => {
    const { outputs } = await engine.create(STRING, { length: 8 });
    expect(outputs).toMatchObject({ length: 8, lower: true, upper: true, numeric: true, number: true, special: true, minLower: 0, minUpper: 0, minNumeric: 0, minSpecial: 0 });
  });

  test("is another one each time", async () => {
    const made = await Promise.all([1, 2, 3].map(() => engine.create(STRING, { length: 20 })));
    expect(new Set(made.map(({ id }) => id)).size).toBe(3);
  });

  test.each([
    [{}, "length must be a whole number of at least 1, got null"],
    [{ length: 2, minLower: 2, minUpper: 1 }, "length 2 is less than the sum of minLower, minUpper, minNumeric and minSpecial (3)"],
    [{ length: 2, lower: false, upper: false, numeric: false, special: false }, "at least one of lower, upper, numeric and special must be true"],
  ])("refuses %j", async (inputs, problem) => {
    expect((await engine.check(STRING, inputs)).failures).toEqual([problem]);
  });
});

describe("RandomId", () => {
  test("answers the same bytes in four spellings", async () => {
    const { id, outputs } = await engine.create(ID, { byteLength: 8, prefix: "p-" });
    const hex = String(outputs["hex"]).slice(2);
    expect(hex).toMatch(/^[0-9a-f]{16}$/);
    const bytes = Buffer.from(hex, "hex");
    expect(id).toBe(bytes.toString("base64url"));
    expect(outputs).toMatchObject({ b64Url: `p-${id}`, b64Std: `p-${bytes.toString("base64")}`, dec: `p-${BigInt(`0x${hex}`)}` });
  });
});

describe("a value in the state", () => {
  test.each([
    ["the same inputs", { length: 6, special: false }, {}],
    ["a default spelled out", { length: 6, special: false, upper: true }, {}],
    ["another length", { length: 7, special: false }, { length: "UPDATE_REPLACE" }],
    ["a new keeper", { length: 6, special: false, keepers: { a: "1" } }, { keepers: "ADD_REPLACE" }],
    ["a keeper that is not known yet", { length: 6, special: false, keepers: { a: unknown } }, { keepers: "ADD_REPLACE" }],
  ])("%s", async (_name, news, detailed) => {
    const oldInputs = { length: 6, special: false };
    const { outputs: oldOutputs } = await engine.create(STRING, oldInputs);
    const diff = await engine.diff(STRING, { oldInputs, oldOutputs, news });
    expect(diff).toMatchObject({ detailed, changes: Object.keys(detailed).length > 0 ? "some" : "none" });
  });

  test("is read back as it is, and imported from its value", async () => {
    const oldInputs = { length: 6 };
    const { id, outputs } = await engine.create(STRING, oldInputs);
    expect(await engine.read(STRING, { id, oldInputs, oldOutputs: outputs })).toEqual({ id, inputs: oldInputs, outputs });
    expect((await engine.read(STRING, { id: "abc123" })).outputs).toMatchObject({ result: "abc123", length: 6 });
  });

  test("is not known in a preview", async () => {
    const { outputs } = await engine.create(STRING, { length: 6 }, { preview: true });
    expect(outputs).not.toHaveProperty("result");
  });
});

test("other resources are refused by name", async () => {
  await expect(engine.check(urn("random:index/randomPet:RandomPet"), {})).rejects.toThrow(/no resource type 'random:index\/randomPet:RandomPet'.*local\/README\.md/);
});
