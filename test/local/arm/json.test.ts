import { expect, test } from "@jest/globals";
import { mergePatch, present } from "../../../local/arm/json.ts";

test.each([
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c", d: "e" } }, { a: { b: "d", c: null } }, { a: { b: "d", d: "e" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [{ a: "foo" }, { a: { b: { c: null } } }, { a: { b: {} } }],
  [["a", "b"], { a: 1 }, { a: 1 }],
])("a merge patch (RFC 7396, appendix A) on %j of %j makes %j", (target, patch, merged) => {
  expect(mergePatch(target, patch)).toEqual(merged);
});

test("a merge patch changes nothing that it was given", () => {
  const [target, patch] = [{ a: { b: 1 } }, { a: { c: 2 } }];
  mergePatch(target, patch);
  expect([target, patch]).toEqual([{ a: { b: 1 } }, { a: { c: 2 } }]);
});

test("absent members are left out, empty ones kept", () => {
  expect(present({ a: undefined, b: null, c: "", d: 0, e: false })).toEqual({ c: "", d: 0, e: false });
});
