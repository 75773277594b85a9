// npm test: sets up like the quickstart, then runs every tier, the fast ones first, whatever fails before.
// The last line is `N passed, N failed` (`, N skipped` may follow).
import { fileURLToPath } from "node:url";
import { runStep } from "./run-step.js";
import { problemsOf } from "./setup/report-problems.js";
import { setUp } from "./setup/set-up.js";
import { closingLine, createSummary } from "./test-run/summary.js";

const TIERS = ["unit", "contract", "integration"];

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const summary = createSummary(root);
try {
  const { node } = await setUp({ root });
  process.stdout.write("\ntype check\n");
  summary.addCheck(await runStep(node, ["node_modules/typescript/bin/tsc", "--noEmit"], { cwd: root }));
  for (const tier of TIERS) {
    process.stdout.write(`\n${tier} tests\n`);
    const env = { ...process.env, TOOLWHARF_TEST_SUMMARY: summary.file };
    summary.addRun(await runStep(node, ["scripts/jest.js", tier], { cwd: root, env }));
  }
} catch (error) {
  for (const problem of problemsOf(error)) process.stderr.write(`npm test: ${problem}\n`);
  summary.addCheck(1);
}
const total = summary.close();
process.exitCode = total.failed === 0 ? 0 : 1;
process.stdout.write(`\n${closingLine(total)}\n`);
