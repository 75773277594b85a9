import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Adds up what the test runs report, one JSON line each, in a file of this run's own.
 *
 * @param {string} root folder of the checkout
 */
export function createSummary(root) {
  const cache = join(root, ".toolwharf", "cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "test-run-"));
  const file = join(folder, "counts.jsonl");
  /** @type {Counts} */
  const own = { passed: 0, failed: 0, skipped: 0 };
  let failuresBefore = 0;
  return {
    file,
    /** @param {number} exitCode of a check that counts as one test */
    addCheck(exitCode) {
      own[exitCode === 0 ? "passed" : "failed"] += 1;
    },
    /** @param {number} exitCode of a test run: one that failed without reporting a failed test counts as one failure */
    addRun(exitCode) {
      const { failed } = countsIn(file);
      if (exitCode !== 0 && failed === failuresBefore) own.failed += 1;
      failuresBefore = failed;
    },
    /** @returns {Counts} */
    close() {
      const total = sum([own, countsIn(file)]);
      rmSync(folder, { recursive: true, force: true });
      return total;
    },
  };
}

/** @param {string} file */
function countsIn(file) {
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  return sum(lines.filter((line) => line !== "").map((line) => JSON.parse(line)));
}

/**
 * @param {Counts[]} counts
 * @returns {Counts}
 */
function sum(counts) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of counts) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}

/** @param {Counts} counts */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
