import { runEngine } from "../automation/engine.ts";
import { isMiniatureStack } from "../automation/stack-names.ts";
import { changeStack, openStack } from "../automation/stack-run.ts";
import type { CommandOptions } from "./commands.ts";
import { renderEndpoints, toolsOf } from "./endpoints.ts";
import { consentArguments, displayArguments } from "./engine-arguments.ts";
import { failedRun } from "./failed-run.ts";
import { runEvents } from "./run-events.ts";
import { stackOutputs } from "./stack-outputs.ts";
import { chosenStack } from "./stack-option.ts";
import type { Terminal } from "./terminal.ts";

export async function run(options: CommandOptions, given: Terminal): Promise<number> {
  // Whoever reads JSON is no person to ask.
  const terminal = { ...given, interactive: given.interactive && !options.json };
  const { project, stack, targets } = await chosenStack(options);
  const consent = consentArguments("up", stack, Boolean(options.yes), terminal);
  const events = runEvents(stack, String(options.lockTimeout), terminal);

  const context = await openStack(project, stack, events.onStart);
  const began = Date.now();
  const end = await changeStack(context, "toolwharf up", events, (stackArguments) =>
    runEngine({
      args: ["up", ...consent, "--continue-on-error", "--suppress-outputs", "--suppress-permalink=true", ...stackArguments, ...targets, ...displayArguments(terminal)],
      cwd: project.folder,
      // A targeted run leaves the other tools as they are; whether those are ready is not its question.
      env: targets.length > 0 ? { TOOLWHARF_VERIFY: String(options.tool), ...context.env } : context.env,
      output: options.json ? terminal.stderr : "inherit",
    }),
  );
  const seconds = (Date.now() - began) / 1000;
  if (isMiniatureStack(stack)) (await import("../automation/prune-state.ts")).pruneState(project);

  const succeeded = end.code === 0;
  if (options.json) {
    const tools = succeeded ? Object.fromEntries(toolsOf(await stackOutputs(context))) : {};
    terminal.stdout.write(`${JSON.stringify({ stack, result: succeeded ? "succeeded" : "failed", seconds, tools }, null, 2)}\n`);
  }
  if (!succeeded) throw failedRun("up", stack, end, consent.length === 0);
  if (!options.json) terminal.stdout.write(`\n${renderEndpoints(await stackOutputs(context), context.connection?.caFile)}`);
  return 0;
}
