import { describe, expect, test } from "@jest/globals";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { decodeProperties, encodeProperties } from "../../../../local/providers/grpc/property-encoding.ts";
import { Secret, unknown } from "../../../../local/providers/grpc/property-values.ts";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

function decoded(value: unknown) {
  return decodeProperties(structs.Struct.fromJavaScript({ value } as never))["value"];
}

describe("decodeProperties", () => {
  test.each([
    ["a string", "x", "x"],
    ["a number", 0.5, 0.5],
    ["a nested map", { a: { b: [1, true] } }, { a: { b: [1, true] } }],
    ["null as absence", { a: null, b: 1 }, { b: 1 }],
    ["an unknown string", "04da6b54-80e4-46f7-96ec-b56ff0331ba9", unknown],
    ["an unknown boolean", "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", unknown],
    ["an unknown number", "3eeb2bf0-c639-47a8-9e75-3b44932eb421", unknown],
    ["an unknown array", "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", unknown],
    ["an unknown asset", "030794c1-ac77-496b-92df-f27374a8bd58", unknown],
    ["an unknown archive", "e48ece36-62e2-4504-bad9-02848725956a", unknown],
    ["an unknown object", "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", unknown],
    ["a secret", { [SIGNATURE]: SECRET, value: "s" }, new Secret("s")],
    ["a secret unknown", { [SIGNATURE]: SECRET, value: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }, new Secret(unknown)],
    ["a secret map", { [SIGNATURE]: SECRET, value: { a: [1] } }, new Secret({ a: [1] })],
    ["an output", { [SIGNATURE]: OUTPUT, value: "v", dependencies: [] }, "v"],
    ["an unresolved output", { [SIGNATURE]: OUTPUT }, unknown],
    ["a secret output", { [SIGNATURE]: OUTPUT, value: "v", secret: true }, new Secret("v")],
    ["an unknown in a list", ["a", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"], ["a", unknown]],
  ])("%s", (_name, wire, expected) => expect(decoded(wire)).toStrictEqual(expected));

  test.each([
    ["c44067f5952c0a294b673a41bacd8c17", "is a Pulumi asset"],
    ["0def7320c3a5731c473e5ecbe6d01bc7", "is a Pulumi archive"],
    ["5cf8f73096256a8f31e491e813e4eb8e", "is a Pulumi resource"],
    ["ffffffffffffffffffffffffffffffff", "is of a kind that Pulumi added later"],
  ])("refuses %s and says where it is", (signature, reason) => {
    expect(() => decoded({ list: [{ [SIGNATURE]: signature, hash: "x" }] })).toThrow(`'value.list[0]' ${reason}`);
  });
});

test("what is encoded comes back as it was", () => {
  const values = { text: "x", list: [1, unknown, new Secret({ deep: unknown })], map: { secret: new Secret("s"), off: false }, empty: {} };
  expect(decodeProperties(encodeProperties(values))).toStrictEqual(values);
});

test("a secret is marked once, however often it is wrapped", () => {
  const { value } = encodeProperties({ value: new Secret(new Secret("s")) }).toJavaScript();
  expect(value).toStrictEqual({ [SIGNATURE]: SECRET, value: "s" });
});
