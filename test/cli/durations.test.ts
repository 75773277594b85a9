import { expect, test } from "@jest/globals";
import { parseDuration } from "../../cli/durations.ts";

test.each([["0", 0], ["90", 90_000], ["90s", 90_000], ["1.5m", 90_000], ["10m", 600_000], ["1h", 3_600_000]])("%s is %d ms", (text, ms) => {
  expect(parseDuration(text, "--lock-timeout")).toBe(ms);
});

test.each(["", "soon", "-1", "1d", "10 m", "1e3"])("%j is refused with what is allowed", (text) => {
  expect(() => parseDuration(text, "--lock-timeout")).toThrow(expect.objectContaining({ code: "DURATION_INVALID", value: text, allowed: expect.stringContaining("10m") }));
});
