import { runEngine } from "../automation/engine.ts";
import { isMiniatureStack } from "../automation/stack-names.ts";
import { changeStack, openStack } from "../automation/stack-run.ts";
import type { CommandOptions } from "./commands.ts";
import { consentArguments, displayArguments } from "./engine-arguments.ts";
import { failedRun } from "./failed-run.ts";
import { runEvents } from "./run-events.ts";
import { chosenStack } from "./stack-option.ts";
import type { Terminal } from "./terminal.ts";

export async function run(options: CommandOptions, terminal: Terminal): Promise<number> {
  const { project, stack, targets } = await chosenStack(options);
  const consent = consentArguments("refresh", stack, Boolean(options.yes), terminal);
  const events = runEvents(stack, String(options.lockTimeout), terminal);
  const context = await openStack(project, stack, events.onStart);
  const end = await changeStack(context, "toolwharf refresh", events, (stackArguments) =>
    runEngine({
      args: ["refresh", ...consent, "--suppress-outputs", "--suppress-permalink=true", ...stackArguments, ...targets, ...displayArguments(terminal)],
      cwd: project.folder,
      env: context.env,
    }),
  );
  if (isMiniatureStack(stack)) (await import("../automation/prune-state.ts")).pruneState(project);
  if (end.code !== 0) throw failedRun("refresh", stack, end, consent.length === 0);
  return 0;
}
