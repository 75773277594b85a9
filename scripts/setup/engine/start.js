import { setTimeout as sleep } from "node:timers/promises";
import { readFileSync } from "node:fs";
import { findExecutable } from "../find-executable.js";
import { asRoot } from "../privilege.js";
import { runCommand } from "../run-command.js";
import { SetupError } from "../setup-error.js";
import { hasSystemd } from "../systemd.js";
import { launchEngine } from "./launch.js";
import { engineAnswers } from "./ping.js";

const START_LIMIT_MS = 60_000;
// Long enough for an engine that another command starts at the same time.
const GRACE_AFTER_EXIT_MS = 5_000;

/**
 * Starts the engine that is installed on this machine, or says what the person must do.
 *
 * @param {import("../folders.js").Folders} folders
 * @param {import("../progress.js").Step} step
 * @param {NodeJS.ProcessEnv} env
 */
export async function startEngine(folders, step, env) {
  if (env["DOCKER_HOST"]) {
    throw new SetupError("DOCKER_UNREACHABLE", `DOCKER_HOST is ${env["DOCKER_HOST"]}, and no engine answers there. Start it, or unset DOCKER_HOST; then run the command again.`);
  }
  const dockerd = findExecutable("dockerd");
  if (process.platform !== "linux" || !dockerd) {
    throw new SetupError("DOCKER_UNREACHABLE", "No Docker engine answers. Start Docker Desktop (or your engine); then run the command again.");
  }
  step.begin("starting the Docker engine, since none answers");
  if (hasSystemd()) {
    await runCommand(...asRoot("systemctl", ["start", "docker"]));
    await waitForEngine(env, { log: undefined, exited: () => false });
  } else {
    const launched = await launchEngine(dockerd, folders.engine);
    await waitForEngine(env, launched);
    launched.record();
  }
  step.end("the Docker engine answers");
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {{ log: string | undefined, exited: () => boolean }} launched
 */
async function waitForEngine(env, { log, exited }) {
  let deadline = Date.now() + START_LIMIT_MS;
  while (!(await engineAnswers(env))) {
    if (exited()) deadline = Math.min(deadline, Date.now() + GRACE_AFTER_EXIT_MS);
    if (Date.now() > deadline) {
      const lines = log ? [`Its last lines (${log}):`, ...lastLines(log, 15)] : ["See: journalctl -u docker"];
      throw new SetupError("DOCKER_NOT_STARTED", ["The Docker engine was started but does not answer.", ...lines].join("\n"));
    }
    await sleep(200);
  }
}

/**
 * @param {string} file
 * @param {number} count
 */
function lastLines(file, count) {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-count).map((line) => `  | ${line}`);
}
