import { CommandFailed } from "./run-command.js";
import { SetupError } from "./setup-error.js";

/**
 * All problems of a set-up in words for people; a stack trace only for what nobody foresaw.
 *
 * @param {unknown} error
 * @returns {string[]} one block a problem
 */
export function problemsOf(error) {
  const problems = error instanceof AggregateError ? error.errors : [error];
  return problems.map((problem) => {
    if (problem instanceof SetupError) return `${problem.code}: ${problem.message}`;
    if (problem instanceof CommandFailed) return `COMMAND_FAILED: ${problem.message}\n  What is done already is kept: run the command again.`;
    return problem instanceof Error ? String(problem.stack) : String(problem);
  });
}
