import { spawn } from "node:child_process";
import type { Writable } from "node:stream";
import { UserError } from "./user-error.ts";

export interface EngineRun {
  /** Everything after `pulumi`. Never a shell string. */
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /**
   * `inherit` (default): the engine has the terminal. `capture`: it has none, and its output is answered.
   * A stream: standard output goes there (for commands whose own standard output is JSON).
   */
  output?: "inherit" | "capture" | Writable;
}

export interface EngineEnd {
  /** `null` if a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Somebody asked it to stop (Ctrl-C). */
  interrupted: boolean;
  stdout: string;
  stderr: string;
}

/**
 * Runs the Pulumi CLI. The first SIGINT or SIGTERM lets it finish what is in flight and release its lock; the second
 * ends it at once, which leaves pending operations for the next run to repair; the third kills it.
 */
export function runEngine({ args, cwd, env, output = "inherit" }: EngineRun): Promise<EngineEnd> {
  const capturing = output === "capture";
  const child = spawn("pulumi", args, {
    cwd,
    env,
    stdio: capturing ? ["ignore", "pipe", "pipe"] : output === "inherit" ? "inherit" : ["ignore", "pipe", "inherit"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    if (capturing) stdout += chunk;
    else (output as Writable).write(chunk);
  });
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));

  let asked = 0;
  const stop = (signal: NodeJS.Signals) => {
    asked += 1;
    // A terminal sends Ctrl-C to the engine too: sent again, the first would count as the second.
    if (signal === "SIGINT" && atTerminal()) return;
    child.kill(asked < 3 ? "SIGINT" : "SIGKILL");
  };
  const signals: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, stop);

  return new Promise<EngineEnd>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => reject(error.code === "ENOENT" ? engineMissing(cwd) : error));
    child.once("close", (code, signal) => resolve({ code, signal, interrupted: asked > 0, stdout, stderr }));
  }).finally(() => {
    for (const signal of signals) process.off(signal, stop);
  });
}

/** Whichever of them was redirected, the terminal's Ctrl-C goes to all processes in front of it. */
const atTerminal = (): boolean => Boolean(process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY);

/**
 * Runs it for its output.
 *
 * @throws UserError `ENGINE_FAILED` with what it said if it does not end with 0
 */
export async function askEngine(run: Omit<EngineRun, "output">): Promise<string> {
  const end = await runEngine({ ...run, args: [...run.args, "--non-interactive", "--color", "never"], output: "capture" });
  if (end.code === 0) return end.stdout;
  throw new UserError("ENGINE_FAILED", `pulumi ${run.args.slice(0, 2).join(" ")} failed: ${lastWords(end)}`, {
    value: `pulumi ${run.args.join(" ")}`,
  });
}

function lastWords({ stderr, stdout, code, signal }: EngineEnd): string {
  const said = (stderr.trim() || stdout.trim()).replace(/^error: /, "");
  return said === "" ? `it ended with ${signal ?? `exit code ${code}`}` : said;
}

function engineMissing(cwd: string): UserError {
  return new UserError("ENGINE_MISSING", "the Pulumi CLI was not found", { value: `pulumi, run in ${cwd}`, next: "toolwharf doctor" });
}
