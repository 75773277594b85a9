import { azureEnvironment, miniatureEnvironment } from "../automation/engine-environment.ts";
import { askEngine, runEngine } from "../automation/engine.ts";
import { findProject, type Project } from "../automation/project.ts";
import { checkedStackName, isMiniatureStack } from "../automation/stack-names.ts";
import { outputsOf, printedOutputs, readDeployment } from "../automation/state-files.ts";
import { UserError } from "../automation/user-error.ts";
import { findMiniature } from "../local/control.ts";
import { layoutOf } from "../local/layout.ts";
import type { CommandOptions } from "./commands.ts";
import { renderEndpoints } from "./endpoints.ts";
import { failedRun } from "./failed-run.ts";
import type { Terminal } from "./terminal.ts";

/** Reads only, and the miniature may be stopped. */
export async function run(options: CommandOptions, terminal: Terminal): Promise<number> {
  const project = findProject(process.cwd());
  const stack = checkedStackName(String(options.stack));
  return isMiniatureStack(stack) ? ofMiniature(project, stack, Boolean(options.json), terminal) : ofAzure(project, stack, Boolean(options.json), terminal);
}

async function ofMiniature(project: Project, stack: string, json: boolean, terminal: Terminal): Promise<number> {
  const deployment = readDeployment(project, stack);
  if (!deployment) throw new UserError("STACK_MISSING", "there is no such stack", { value: stack, next: `toolwharf up --stack ${stack}` });
  const connection = findMiniature(layoutOf(project.folder));
  const outputs = outputsOf(deployment);
  const printed = json ? printedOutputs(outputs) : renderEndpoints(outputs, connection?.caFile);
  if (printed === undefined) return printByEngine(project, stack, miniatureEnvironment(project, connection));
  terminal.stdout.write(printed);
  return 0;
}

async function ofAzure(project: Project, stack: string, json: boolean, terminal: Terminal): Promise<number> {
  const env = azureEnvironment(project);
  if (json) return printByEngine(project, stack, env);
  terminal.stdout.write(renderEndpoints(JSON.parse(await askEngine({ args: asking(stack), cwd: project.folder, env })) as Record<string, unknown>));
  return 0;
}

async function printByEngine(project: Project, stack: string, env: NodeJS.ProcessEnv): Promise<number> {
  const end = await runEngine({ args: asking(stack), cwd: project.folder, env });
  if (end.code !== 0) throw failedRun("outputs", stack, end);
  return 0;
}

const asking = (stack: string): string[] => ["stack", "output", "--json", "--stack", stack];
