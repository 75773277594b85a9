import { askEngine, runEngine } from "../automation/engine.ts";
import { azureEnvironment } from "../automation/engine-environment.ts";
import { removeStack } from "../automation/miniature-stack.ts";
import { findProject, type Project } from "../automation/project.ts";
import { dependentsOf, listStacks, type StackSummary } from "../automation/stack-index.ts";
import { checkedStackName, isMiniatureStack, platformOf, toolOf, toolStack } from "../automation/stack-names.ts";
import { changeStack, openStack } from "../automation/stack-run.ts";
import { outputsOf, readDeployment, stackExists } from "../automation/state-files.ts";
import { UserError } from "../automation/user-error.ts";
import type { CommandOptions } from "./commands.ts";
import { toolsOf } from "./endpoints.ts";
import { consentArguments, displayArguments } from "./engine-arguments.ts";
import { failedRun } from "./failed-run.ts";
import { runEvents } from "./run-events.ts";
import { say, type Terminal } from "./terminal.ts";

export async function run(options: CommandOptions, terminal: Terminal): Promise<number> {
  const project = findProject(process.cwd());
  const asked = checkedStackName(String(options.stack));
  const stack = options.tool === undefined ? asked : await stackOfTool(project, asked, String(options.tool));
  if (isMiniatureStack(stack) && !stackExists(project, stack)) {
    say(terminal, `there is no stack ${stack}: nothing to destroy`);
    return 0;
  }
  const consent = consentArguments("destroy", stack, Boolean(options.yes), terminal);
  if (toolOf(stack) === undefined) await refuseWhileReferredTo(project, stack);

  const events = runEvents(stack, String(options.lockTimeout), terminal);
  const context = await openStack(project, stack, events.onStart);
  const end = await changeStack(context, "toolwharf destroy", events, (stackArguments) =>
    runEngine({
      args: ["destroy", ...consent, "--continue-on-error", "--suppress-outputs", "--suppress-permalink=true", ...stackArguments, ...displayArguments(terminal)],
      cwd: project.folder,
      env: context.env,
    }),
  );
  if (isMiniatureStack(stack)) (await import("../automation/prune-state.ts")).pruneState(project);
  if (end.code !== 0) throw failedRun("destroy", stack, end, consent.length === 0);
  if (options.remove) {
    if (context.connection) await removeStack(project, stack, context.env);
    else await askEngine({ args: ["stack", "rm", "--yes", "--preserve-config", "--stack", stack], cwd: project.folder, env: context.env });
    say(terminal, `removed stack ${stack}`);
  }
  return 0;
}

/** A tool that the platform's stack deploys goes with its folder, not by a stack of its own. */
async function stackOfTool(project: Project, asked: string, tool: string): Promise<string> {
  (await import("./tool-argument.ts")).checkStackOf(asked, tool);
  const platform = platformOf(asked);
  const own = toolStack(platform, tool);
  if (!isMiniatureStack(own) || stackExists(project, own)) return own;
  const owned = toolsOf(outputsOf(readDeployment(project, platform) ?? {})).some(([name]) => name === tool);
  throw owned
    ? new UserError("TOOL_OF_PLATFORM", `${tool} is deployed by the platform's stack ${platform}`, {
        next: `remove its folder, or list the others in toolwharf:tools of Pulumi.${platform}.yaml; then: toolwharf up --stack ${platform}`,
      })
    : new UserError("TOOL_STACK_MISSING", `there is no stack of that tool`, { value: own, next: `toolwharf outputs --stack ${platform}` });
}

async function refuseWhileReferredTo(project: Project, platform: string): Promise<void> {
  const dependents = dependentsOf(platform, isMiniatureStack(platform) ? listStacks(project) : await stacksOfBackend(project));
  if (dependents.length === 0) return;
  throw new UserError("PLATFORM_IN_USE", `stacks of tools stand on the platform ${platform}`, {
    value: dependents.map(({ name, resources }) => `${name} (${resources} resources)`).join(", "),
    next: dependents.map(({ name }) => `toolwharf destroy --stack ${name}`).join("\n"),
  });
}

/** The user's own backend tells names and counts only, so here a tool stack is known by its name. */
async function stacksOfBackend(project: Project): Promise<StackSummary[]> {
  const printed = await askEngine({ args: ["stack", "ls", "--json"], cwd: project.folder, env: azureEnvironment(project) });
  return (JSON.parse(printed) as Array<{ name: string; resourceCount?: number }>).map(({ name, resourceCount }) => ({
    name: name.split("/").at(-1)!,
    // A stack that was destroyed has no resources; one that never ran has no count.
    resources: resourceCount ?? 0,
    refersTo: [],
  }));
}
