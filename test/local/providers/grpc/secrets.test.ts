import { expect, test } from "@jest/globals";
import { Secret } from "../../../../local/providers/grpc/property-values.ts";
import { keepSecrets } from "../../../../local/providers/grpc/secrets.ts";

test.each([
  ["the same name", { key: "s" }, { key: new Secret("s") }, { key: new Secret("s") }],
  ["another name", { other: "s" }, { key: new Secret("s") }, { other: "s" }],
  ["inside a map", { a: { key: "s", open: 1 } }, { a: { key: new Secret("s") } }, { a: { key: new Secret("s"), open: 1 } }],
  ["all of a secret map", { a: { key: "s" } }, { a: new Secret({ key: "s" }) }, { a: new Secret({ key: "s" }) }],
  ["a list with a secret in it, as a whole", { a: [{ v: 1 }, { v: 2 }] }, { a: [{ v: new Secret(2) }] }, { a: new Secret([{ v: 1 }, { v: 2 }]) }],
  ["a list without one", { a: ["x"] }, { a: ["x"] }, { a: ["x"] }],
])("outputs stay secret under %s", (_name, outputs, inputs, expected) => {
  expect(keepSecrets(outputs, inputs)).toStrictEqual(expected);
});
