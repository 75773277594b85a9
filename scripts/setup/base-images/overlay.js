import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runCommand } from "../run-command.js";
import { NPM_VERSION } from "../versions.js";
import { IMAGE_BUNDLE } from "./host-trust.js";

/**
 * Files laid over Debian's: the certificates for every image, and what makes Python's and Node's look like the
 * official ones (`python` by its short name; Node and npm in /usr/local).
 *
 * @param {{ kind: string, folder: string, trust: string, nodeBinary: () => Promise<string> }} options
 */
export async function writeOverlay({ kind, folder, trust, nodeBinary }) {
  const bundle = join(folder, IMAGE_BUNDLE);
  const programs = join(folder, "usr/local/bin");
  mkdirSync(dirname(bundle), { recursive: true });
  mkdirSync(programs, { recursive: true });
  writeFileSync(bundle, trust);
  if (kind === "python") symlinkSync("/usr/bin/python3", join(programs, "python"));
  if (kind === "node") await addNode(folder, await nodeBinary());
}

/**
 * @param {string} folder
 * @param {string} nodeBinary
 */
async function addNode(folder, nodeBinary) {
  const prefix = join(folder, "usr/local");
  await runCommand("npm", ["install", "--global", "--prefix", prefix, "--ignore-scripts", "--no-audit", "--no-fund", `npm@${NPM_VERSION}`]);
  const installed = JSON.parse(readFileSync(join(prefix, "lib/node_modules/npm/package.json"), "utf8"));
  if (installed.version !== NPM_VERSION) throw new Error(`npm ${installed.version} was installed instead of ${NPM_VERSION}`);
  copyFileSync(nodeBinary, join(prefix, "bin/node"));
  chmodSync(join(prefix, "bin/node"), 0o755);
}
