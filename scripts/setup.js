// npm run setup: brings this machine to what the project needs, and starts nothing but a Docker engine if none answers.
import { fileURLToPath } from "node:url";
import { problemsOf } from "./setup/report-problems.js";
import { setUp } from "./setup/set-up.js";

const root = fileURLToPath(new URL("..", import.meta.url));
try {
  const { node } = await setUp({ root });
  process.stdout.write(`  the project runs with ${node}\n`);
} catch (error) {
  for (const problem of problemsOf(error)) process.stderr.write(`set-up: ${problem}\n`);
  process.exitCode = 1;
}
