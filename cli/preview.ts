import { runEngine } from "../automation/engine.ts";
import { openStack, stackArguments } from "../automation/stack-run.ts";
import type { CommandOptions } from "./commands.ts";
import { displayArguments } from "./engine-arguments.ts";
import { failedRun } from "./failed-run.ts";
import { chosenStack } from "./stack-option.ts";
import { say, type Terminal } from "./terminal.ts";

/** Changes nothing, so it takes no lock and repairs nothing. */
export async function run(options: CommandOptions, terminal: Terminal): Promise<number> {
  const { project, stack, targets } = await chosenStack(options);
  const context = await openStack(project, stack, () => say(terminal, "starting the miniature"));
  const end = await runEngine({
    args: ["preview", ...(options.json ? ["--json"] : ["--suppress-outputs"]), ...(await stackArguments(context)), ...targets, ...displayArguments(terminal)],
    cwd: project.folder,
    env: context.env,
  });
  if (end.code !== 0) throw failedRun("preview", stack, end);
  return 0;
}
