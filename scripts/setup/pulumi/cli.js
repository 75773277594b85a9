import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { isExecutable } from "../find-executable.js";
import { isReachable } from "../reachable.js";
import { runCommand } from "../run-command.js";
import { PULUMI_VERSION } from "../versions.js";
import { buildCli } from "./build.js";
import { DOWNLOADS, downloadCli } from "./download.js";

/** @param {string} pulumi folder of the CLI */
export function cliReady(pulumi) {
  return isExecutable(join(pulumi, "pulumi"));
}

/**
 * Installs the Pulumi CLI where the Automation API and the npm package `pulumi` look for this version too. It is made
 * in a folder beside and moved when it has told its version, so that a broken attempt leaves nothing.
 *
 * @param {string} pulumi folder of the CLI
 * @param {import("../progress.js").Step} step
 */
export async function installCli(pulumi, step) {
  const versions = dirname(dirname(pulumi));
  mkdirSync(versions, { recursive: true });
  const staging = mkdtempSync(join(versions, ".toolwharf-"));
  try {
    await makeCli(staging, step);
    const told = (await runCommand(join(staging, "bin", "pulumi"), ["version"])).trim();
    if (told !== `v${PULUMI_VERSION}`) throw new Error(`the Pulumi CLI calls itself ${told || "nothing"} instead of v${PULUMI_VERSION}`);
    moveInto(join(staging, "bin"), pulumi);
    step.end(`Pulumi CLI ${PULUMI_VERSION} is ready`);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/**
 * @param {string} staging gets a folder `bin` with the CLI
 * @param {import("../progress.js").Step} step
 */
async function makeCli(staging, step) {
  if (!(await isReachable(DOWNLOADS))) return buildCli(staging, step, `${new URL(DOWNLOADS).host} cannot be reached`);
  step.begin(`downloading the Pulumi CLI ${PULUMI_VERSION}`);
  try {
    await downloadCli(staging);
  } catch (error) {
    step.stop();
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    await buildCli(staging, step, `the download failed: ${reason}`);
  }
}

/**
 * @param {string} from
 * @param {string} to
 */
function moveInto(from, to) {
  mkdirSync(to, { recursive: true });
  // The CLI itself last: by it the set-up knows that everything is there.
  const names = readdirSync(from).sort((a, b) => Number(a === "pulumi") - Number(b === "pulumi"));
  for (const name of names) renameSync(join(from, name), join(to, name));
}
