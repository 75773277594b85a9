// npm run quickstart: from a fresh clone to endpoints that answer, on this machine.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { askEndpoint } from "./quickstart/ask-endpoint.js";
import { runStep } from "./run-step.js";
import { duration } from "./setup/progress.js";
import { problemsOf } from "./setup/report-problems.js";
import { runCommand } from "./setup/run-command.js";
import { setUp } from "./setup/set-up.js";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const startedAt = Date.now();
process.exitCode = await quickstart();

async function quickstart() {
  process.stdout.write("1. set-up\n");
  const node = await prepared();
  if (!node) return 1;
  for (const [heading, args] of /** @type {const} */ ([
    ["2. Azure in miniature", ["local", "up"]],
    ["3. deployment", ["up", "--yes"]],
  ])) {
    process.stdout.write(`${heading}\n`);
    const code = await runStep(node, [`${root}/bin/toolwharf`, ...args], { cwd: root });
    if (code !== 0) return code;
  }
  process.stdout.write("4. asking each endpoint over HTTPS, trusting the miniature's own authority only\n");
  const answered = await askAll(node);
  const taken = duration(Date.now() - startedAt);
  process.stdout.write(answered ? `\nready in ${taken}; npx toolwharf local down stops and removes all of it\n` : `\nnot every endpoint answered (${taken}); look at: npx toolwharf local status\n`);
  return answered ? 0 : 1;
}

async function prepared() {
  try {
    return (await setUp({ root })).node;
  } catch (error) {
    for (const problem of problemsOf(error)) process.stderr.write(`quickstart: ${problem}\n`);
    return undefined;
  }
}

/** @param {string} node */
async function askAll(node) {
  const outputs = JSON.parse(await runCommand(node, [`${root}/bin/toolwharf`, "outputs", "--json"], { cwd: root }));
  const { caFile } = JSON.parse(readFileSync(`${root}/.toolwharf/local/connection.json`, "utf8"));
  const ca = readFileSync(caFile, "utf8");
  const answers = await Promise.all(
    Object.entries(outputs.tools).map(async ([name, { url }]) => ({ name, url, ...(await askEndpoint(url, ca)) })),
  );
  const width = Math.max(...answers.map(({ name }) => name.length));
  for (const { name, url, said } of answers) process.stdout.write(`  ${name.padEnd(width)}  ${said}  ${url}\n`);
  return answers.every(({ good }) => good);
}
