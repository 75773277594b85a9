import { miniatureVariables } from "../../automation/engine-environment.ts";
import { findProject } from "../../automation/project.ts";
import { checkedStackName, isMiniatureStack } from "../../automation/stack-names.ts";
import { openStack, stackArguments } from "../../automation/stack-run.ts";
import { UserError } from "../../automation/user-error.ts";
import type { CommandOptions } from "../commands.ts";
import { say, type Terminal } from "../terminal.ts";

/** Also starts the miniature and makes the stack, so that plain `pulumi` finds both. */
export async function run(options: CommandOptions, terminal: Terminal): Promise<number> {
  const project = findProject(process.cwd());
  const stack = checkedStackName(String(options.stack));
  if (!isMiniatureStack(stack)) {
    throw new UserError("STACK_NOT_LOCAL", "only stacks on the miniature have its environment", { value: stack, allowed: "local, local.<tool>" });
  }
  const context = await openStack(project, stack, () => say(terminal, "starting the miniature"));
  const args = await stackArguments(context);
  const lines = Object.entries(miniatureVariables(project, context.connection)).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`);
  terminal.stdout.write(`${lines.join("")}# pulumi up ${args.join(" ")}\n`);
  return 0;
}
