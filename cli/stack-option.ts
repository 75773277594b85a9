import { findProject, type Project } from "../automation/project.ts";
import { checkedStackName } from "../automation/stack-names.ts";
import type { CommandOptions } from "./commands.ts";

/** What `--stack` and `[tool]` name together. */
export interface ChosenStack {
  project: Project;
  stack: string;
  /** `--target` arguments, if the tool is a part of the stack. */
  targets: string[];
}

export async function chosenStack(options: CommandOptions): Promise<ChosenStack> {
  const stack = checkedStackName(String(options.stack));
  const project = findProject(process.cwd());
  if (options.tool === undefined) return { project, stack, targets: [] };
  const { placeOfTool } = await import("./tool-argument.ts");
  return { project, ...(await placeOfTool(project, stack, String(options.tool))) };
}
