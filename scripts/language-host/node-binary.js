import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";

/** @param {string} version such as `v22.18.0`; 22.18 is the first that runs TypeScript without a flag */
export function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

/**
 * The Node that runs a program: the one on PATH (it runs this host too) if it is new enough, else the one that the
 * set-up put into the program's project, or into the checkout whose node_modules the project links to.
 *
 * @param {string} project
 * @param {{ version?: string, execPath?: string }} [own]
 * @returns {string} the one on PATH when there is no better: it may do for a program in JavaScript
 */
export function nodeBinaryFor(project, { version = process.version, execPath = process.execPath } = {}) {
  if (runsTypeScript(version)) return execPath;
  const binary = join(".toolwharf/node/node_modules", `node-${process.platform}-${process.arch}`, "bin/node");
  return [join(project, binary), join(linkedCheckout(project), binary)].find((file) => existsSync(file)) ?? execPath;
}

/** @param {string} project */
function linkedCheckout(project) {
  try {
    return join(realpathSync(join(project, "node_modules")), "..");
  } catch {
    return project;
  }
}
