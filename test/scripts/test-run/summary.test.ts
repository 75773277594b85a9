import { appendFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { closingLine, createSummary } from "../../../scripts/test-run/summary.js";

const root = mkdtempSync(join(tmpdir(), "toolwharf-summary-"));
afterAll(() => rmSync(root, { recursive: true }));

const report = (file: string, counts: object) => appendFileSync(file, `${JSON.stringify(counts)}\n`);

describe("createSummary", () => {
  test("adds up checks and the reports of all runs, and removes its file", () => {
    const summary = createSummary(root);
    summary.addCheck(0);
    report(summary.file, { passed: 3, failed: 0, skipped: 1 });
    summary.addRun(0);
    report(summary.file, { passed: 4, failed: 2, skipped: 0 });
    summary.addRun(1);
    expect(summary.close()).toEqual({ passed: 8, failed: 2, skipped: 1 });
    expect(existsSync(dirname(summary.file))).toBe(false);
  });

  test("a run that failed without reporting a failed test counts as one, also after an earlier failure", () => {
    const summary = createSummary(root);
    report(summary.file, { passed: 0, failed: 1, skipped: 0 });
    summary.addRun(1);
    summary.addRun(1);
    expect(summary.close().failed).toBe(2);
  });

  test("a failed check is a failed test", () => {
    const summary = createSummary(root);
    summary.addCheck(2);
    expect(summary.close()).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

test.each([
  [{ passed: 12, failed: 0, skipped: 0 }, "12 passed, 0 failed"],
  [{ passed: 12, failed: 1, skipped: 2 }, "12 passed, 1 failed, 2 skipped"],
])("%j is %s", (counts, line) => {
  expect(closingLine(counts)).toBe(line);
});
