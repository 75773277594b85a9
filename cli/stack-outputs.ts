import { askEngine } from "../automation/engine.ts";
import type { StackContext } from "../automation/stack-run.ts";
import { outputsOf, readDeployment } from "../automation/state-files.ts";

/** A miniature stack's outputs are read from its state, which takes no time; the engine is asked for all others. */
export async function stackOutputs({ project, stack, connection, env }: StackContext): Promise<Record<string, unknown>> {
  if (connection) return outputsOf(readDeployment(project, stack) ?? {});
  return JSON.parse(await askEngine({ args: ["stack", "output", "--json", "--stack", stack], cwd: project.folder, env })) as Record<string, unknown>;
}
