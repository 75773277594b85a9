import { expect, test } from "@jest/globals";
import { SIZE_RULE, sizeOf, SIZES } from "../../recipes/sizing.ts";

test("there are 16 pairs, from 0.25/0.5Gi to 4/8Gi", () => {
  expect(SIZES).toHaveLength(16);
  expect(SIZES[0]).toEqual({ cpu: 0.25, memory: "0.5Gi" });
  expect(SIZES.at(-1)).toEqual({ cpu: 4, memory: "8Gi" });
  expect(SIZE_RULE).toMatch(/^0\.25\/0\.5Gi, 0\.5\/1Gi, .*, 4\/8Gi$/);
});

test.each([
  [0.25, "0.5Gi", { cpu: 0.25, memory: "0.5Gi" }],
  ["0.25", "0.5Gi", { cpu: 0.25, memory: "0.5Gi" }],
  ["1", "2.0Gi", { cpu: 1, memory: "2Gi" }],
  ["1.50", "3Gi", { cpu: 1.5, memory: "3Gi" }],
  [4, "8Gi", { cpu: 4, memory: "8Gi" }],
  [0.3, "0.6Gi", undefined],
  ["0.25", "1Gi", undefined],
  [4.25, "8.5Gi", undefined],
  [0, "0Gi", undefined],
  ["half", "1Gi", undefined],
  ["", "0.5Gi", undefined],
  [0.5, "1024Mi", undefined],
  [0.5, "1", undefined],
  [0.5, 1, undefined],
  [undefined, undefined, undefined],
])("%p and %p are %p", (cpu, memory, expected) => {
  expect(sizeOf(cpu, memory)).toEqual(expected);
});
