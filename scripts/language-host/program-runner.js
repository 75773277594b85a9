import { spawn } from "node:child_process";
import { once } from "node:events";
import { finished } from "node:stream/promises";
import { nodeBinaryFor } from "./node-binary.js";
import { programArguments, programEnvironment, programRunOf } from "./program-command.js";

/** The exit code by which the SDK says that it has told the user everything already. */
const EXPLAINED = 32;
const KILL_AFTER_MS = 5_000;

export function createProgramRunner() {
  /** @type {Set<import("node:child_process").ChildProcess>} */
  const running = new Set();
  return {
    /** Interrupts every program and kills what is still there after 5 s; resolves when all have ended. */
    async cancel() {
      await Promise.all(
        [...running].map(async (child) => {
          if (child.exitCode !== null || child.signalCode !== null) return;
          const ended = once(child, "exit");
          child.kill("SIGINT");
          const timer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
          await ended;
          clearTimeout(timer);
        }),
      );
    },

    /**
     * @param {any} request RunRequest
     * @param {string} engine
     * @returns {Promise<{ error: string, bail: boolean }>} an empty error is success; `bail` says nothing more is to be shown
     */
    async run(request, engine) {
      const run = programRunOf(request, engine);
      const child = spawn(nodeBinaryFor(run.rootFolder), programArguments(run), {
        env: programEnvironment(run, process.env),
        stdio: ["ignore", "pipe", "pipe"],
      });
      running.add(child);
      // The engine shows what its plugins print. A pipe between keeps the program from changing this process' streams.
      child.stdout.pipe(process.stdout, { end: false });
      child.stderr.pipe(process.stderr, { end: false });
      try {
        const ended = once(child, "exit");
        await Promise.all([ended, finished(child.stdout), finished(child.stderr)]);
        const [code, signal] = await ended;
        await flush();
        return outcome(code, signal);
      } catch (error) {
        return { error: `Problem executing program (could not run language executor): ${error instanceof Error ? error.message : error}`, bail: false };
      } finally {
        running.delete(child);
      }
    },
  };
}

/**
 * @param {number | null} code
 * @param {string | null} signal
 */
export function outcome(code, signal) {
  if (code === 0) return { error: "", bail: false };
  if (code === EXPLAINED) return { error: "", bail: true };
  return { error: code === null ? `Program ended by ${signal}` : `Program exited with non-zero exit code: ${code}`, bail: false };
}

/** What the program printed must reach the engine before the answer that ends the run. */
async function flush() {
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write("", resolve))));
}
