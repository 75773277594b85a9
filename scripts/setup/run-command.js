import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const KEPT_LINES = 40;

/** A command that could not be started, or ended with another exit code than 0. */
export class CommandFailed extends Error {
  /**
   * @param {string} command
   * @param {readonly string[]} args
   * @param {string} ending how it ended, in words
   * @param {readonly string[]} tail its last lines
   */
  constructor(command, args, ending, tail) {
    super([`${[command, ...args].join(" ")}: ${ending}`, ...tail.map((line) => `  | ${line}`)].join("\n"));
    this.name = "CommandFailed";
  }
}

/**
 * Runs a command to its end without a shell and without standard input.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{
 *   cwd?: string,
 *   env?: NodeJS.ProcessEnv,
 *   timeoutMs?: number,
 *   onLine?: (line: string) => void,
 * }} [options] `env` replaces the environment; `onLine` gets the lines of both streams as they come
 * @returns {Promise<string>} standard output
 */
export function runCommand(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: options.timeoutMs,
    });
    let stdout = "";
    /** @type {string[]} */
    const tail = [];
    /** @param {string} line */
    const keep = (line) => {
      tail.push(line);
      if (tail.length > KEPT_LINES) tail.shift();
      options.onLine?.(line);
    };
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    createInterface({ input: child.stdout }).on("line", keep);
    createInterface({ input: child.stderr }).on("line", keep);
    child.once("error", (error) => reject(new CommandFailed(command, args, error.message, tail)));
    child.once("close", (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new CommandFailed(command, args, signal ? `ended by ${signal}` : `exit code ${code}`, tail));
    });
  });
}
