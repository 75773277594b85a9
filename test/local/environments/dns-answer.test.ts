import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { answerName } from "../../../local/environments/gateway/dns-answer.ts";

const A = 1;
const AAAA = 28;

/** One ordinary question, recursion desired, with the options that resolvers add behind it. */
function question(name: string, { type = A, id = 0x1234, flags = 0x0100, count = 1, behind = Buffer.alloc(0) as Buffer } = {}): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(flags, 2);
  header.writeUInt16BE(count, 4);
  header.writeUInt16BE(behind.length > 0 ? 1 : 0, 10);
  const labels = name.split(".").map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([header, ...labels, Buffer.from([0, 0, type, 0, 1]), behind]);
}
const EDNS = Buffer.from([0, 0, 41, 16, 0, 0, 0, 0, 0, 0, 0]);
const ask = (message: Buffer) => answerName(message, (name) => name === "inner" || name.endsWith(".localhost"), "172.18.0.2");

describe("a DNS question", () => {
  test("for the address of a name that is ours is answered with it, whatever its case", () => {
    const asked = question("InneR", { behind: EDNS });
    const answer = ask(asked)!;
    expect(answer.readUInt16BE(0)).toBe(0x1234);
    expect(answer.readUInt16BE(2)).toBe(0x8580);
    expect([4, 6, 8, 10].map((at) => answer.readUInt16BE(at))).toEqual([1, 1, 0, 0]);
    expect(answer.subarray(12, 12 + 11)).toEqual(asked.subarray(12, 12 + 11));
    expect([...answer.subarray(23)]).toEqual([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 172, 18, 0, 2]);
  });

  test("for another kind of record is answered with none, without an error", () => {
    const answer = ask(question("a.b.localhost", { type: AAAA, flags: 0 }))!;
    expect(answer.readUInt16BE(2)).toBe(0x8480);
    expect([4, 6, 8, 10].map((at) => answer.readUInt16BE(at))).toEqual([1, 0, 0, 0]);
  });

  test.each([
    ["for another name", question("example.com")],
    ["for the root", Buffer.concat([question("inner").subarray(0, 12), Buffer.from([0, 0, 2, 0, 1])])],
    ["that is an answer", question("inner", { flags: 0x8100 })],
    ["that is an update", question("inner", { flags: 0x2800 })],
    ["with two questions", question("inner", { count: 2 })],
    ["of another class", Buffer.concat([question("inner").subarray(0, -1), Buffer.from([3])])],
    ["that is cut off in the name", question("inner").subarray(0, 15)],
    ["that is cut off behind the name", question("inner").subarray(0, -2)],
    ["with a pointer for a name", Buffer.concat([question("inner").subarray(0, 12), Buffer.from([0xc0, 12, 0, 1, 0, 1])])],
    ["without a header", Buffer.from([1, 2, 3])],
  ])("%s is left to others", (_, message) => {
    expect(ask(message)).toBeUndefined();
  });

  test("of any bytes breaks nothing", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void answerName(Buffer.from(bytes), () => true, "10.0.0.2")));
  });
});
