import { expect, jest, test } from "@jest/globals";
import { createProgress, duration } from "../../../scripts/setup/progress.js";

function captured() {
  const lines: string[] = [];
  return { lines, progress: createProgress({ write: (text: string) => lines.push(text.trim()) }) };
}

test("a step that has nothing to do prints nothing", () => {
  const { lines, progress } = captured();
  progress.step("node").stop();
  expect(lines).toEqual([]);
  expect(progress.lines).toBe(0);
});

test("a long step says what it does, how far it is, and how long it took", () => {
  jest.useFakeTimers();
  const { lines, progress } = captured();
  const step = progress.step("pulumi");
  step.begin("building");
  step.at("3 of 10 packages");
  jest.advanceTimersByTime(21_000);
  step.end("ready");
  jest.advanceTimersByTime(60_000);
  jest.useRealTimers();
  expect(lines).toEqual(["pulumi        building ...", "pulumi          3 of 10 packages (10 s)", "pulumi          3 of 10 packages (20 s)", "pulumi        ready (21 s)"]);
});

test.each([
  [400, "0 s"],
  [59_400, "59 s"],
  [61_000, "1 min 01 s"],
])("%d ms is %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});
