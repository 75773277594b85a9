// npm run prove-rules: takes the rules of local/arm/ away one by one, in memory, and shows that a row of the table fails for each.
import { rowsThatFail } from "./pool.ts";
import { allRules } from "./scope.ts";

const began = performance.now();
const rules = allRules();
const [untouched, ...rows] = await rowsThatFail([undefined, ...rules]);
const seconds = ((performance.now() - began) / 1000).toFixed(0);

if (untouched !== undefined) {
  process.stderr.write(`A row fails although no rule is removed: ${untouched}. Run: npm run test:unit test/local/arm/rules.test.ts\n`);
  process.exit(1);
}
const missed = rules.filter((_, index) => rows[index] === undefined);
rules.forEach(({ file, line, text }, index) => {
  process.stdout.write(`${rows[index] === undefined ? "NO ROW FAILS" : "ok"}  ${file}:${line}  ${text.slice(0, 100)}  ->  ${rows[index] ?? "add a row"}\n`);
});
if (missed.length > 0) {
  process.stderr.write(`\n${missed.length} of ${rules.length} rules can be removed without any row failing (${seconds} s). Add rows to test/local/arm/rules/.\n`);
  process.exit(1);
}
process.stdout.write(`\n${rules.length} rules, each removed: a row fails for each (${seconds} s).\n`);
