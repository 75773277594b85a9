const { appendFileSync } = require("node:fs");

/**
 * Appends this run's counts as one JSON line to the file that TOOLWHARF_TEST_SUMMARY names, for scripts/test.js to add up.
 * A test file that could not even be loaded counts as one failed test.
 */
module.exports = class SummaryReporter {
  onRunComplete(_contexts, results) {
    const file = process.env.TOOLWHARF_TEST_SUMMARY;
    if (!file) return;
    const counts = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    appendFileSync(file, `${JSON.stringify(counts)}\n`);
  }
};
