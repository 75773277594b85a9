import { describe, expect, test } from "@jest/globals";
import { RULES } from "./rules/index.ts";
import { problemOfRow } from "./rules/run-row.ts";

describe.each(Object.entries(RULES))("%s", (_service, rows) => {
  test.each(rows)("$rule", async (row) => {
    expect(await problemOfRow(row)).toBeUndefined();
  });
});

test("every rule says what it expects and where that is from", () => {
  const rows = Object.values(RULES).flat();
  for (const { rule, accepted, refused, source } of rows) {
    expect({ rule, expectations: [accepted, refused].filter(Boolean).length, source: source.length > 0 }).toEqual({ rule, expectations: 1, source: true });
  }
  expect(rows.length).toBeGreaterThanOrEqual(120);
});
