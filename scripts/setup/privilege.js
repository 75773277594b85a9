import { runCommand } from "./run-command.js";

export function isRoot() {
  return process.getuid?.() === 0;
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {[string, string[]]} the same command as root; `sudo -n` never asks for a password
 */
export function asRoot(command, args) {
  return isRoot() ? [command, [...args]] : ["sudo", ["-n", command, ...args]];
}

/** Whether commands can be run as root without asking. */
export async function canBeRoot() {
  if (isRoot()) return true;
  return runCommand("sudo", ["-n", "true"]).then(
    () => true,
    () => false,
  );
}

