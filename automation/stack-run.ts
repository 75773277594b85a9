import type { Connection } from "../local/connection.ts";
import { findMiniature, startMiniature } from "../local/control.ts";
import { layoutOf } from "../local/layout.ts";
import { azureEnvironment, miniatureEnvironment, pointsAtMiniature } from "./engine-environment.ts";
import type { EngineEnd } from "./engine.ts";
import { takeStack, type EngineLock, type Waiting } from "./locks.ts";
import { ensureStack } from "./miniature-stack.ts";
import type { Project } from "./project.ts";
import { isMiniatureStack } from "./stack-names.ts";
import { hasPendingOperations } from "./state-files.ts";
import type { RepairReport } from "./repair.ts";
import { UserError } from "./user-error.ts";

/** Where the engine runs for a stack, and with what. */
export interface StackContext {
  project: Project;
  stack: string;
  /** Only of miniature stacks. */
  connection?: Connection;
  env: NodeJS.ProcessEnv;
}

/** What a run does besides the engine, for people to read. */
export interface RunEvents extends Waiting {
  onStart: () => void;
  onDeadLocks: (locks: EngineLock[]) => void;
  onRepair: () => void;
  onRepaired: (report: RepairReport) => void;
}

/** Starts the miniature if the stack needs one and it does not run. */
export async function openStack(project: Project, stack: string, onStart: () => void = () => undefined): Promise<StackContext> {
  if (!isMiniatureStack(stack)) {
    if (pointsAtMiniature(process.env)) throw shellOfMiniature(stack);
    return { project, stack, env: azureEnvironment(project) };
  }
  const layout = layoutOf(project.folder);
  let connection = findMiniature(layout);
  if (!connection) {
    onStart();
    ({ connection } = await startMiniature(layout));
  }
  return { project, stack, connection, env: miniatureEnvironment(project, connection) };
}

/** Arguments that tell the engine which stack and which settings; makes the stack and its settings if need be. */
export async function stackArguments({ project, stack, connection, env }: StackContext): Promise<string[]> {
  if (!connection) return ["--stack", stack];
  return ["--stack", stack, "--config-file", await ensureStack(project, stack, connection, env)];
}

/**
 * Runs something that changes the stack. On the miniature: alone, after what a dead run left behind was repaired, and so
 * that the next run will know if this one does not come to its end. On Azure the user's backend keeps runs apart, and
 * what was left in flight is seen in the stack's state.
 *
 * @param what the command, shown to those who wait for it
 */
export async function changeStack(
  context: StackContext,
  what: string,
  events: RunEvents,
  run: (stackArguments: string[]) => Promise<EngineEnd>,
): Promise<EngineEnd> {
  const { project, stack, connection } = context;
  if (!connection) {
    const { repairOnAzure } = await import("./azure-repair.ts");
    await repairOnAzure({ project, stack, env: context.env, onRepair: events.onRepair, onRepaired: events.onRepaired });
    return run(await stackArguments(context));
  }

  const { lock, deadLocks } = await takeStack(project, stack, what, events);
  let end: EngineEnd;
  let compared = true;
  try {
    if (deadLocks.length > 0) events.onDeadLocks(deadLocks);
    const args = await stackArguments(context);
    if (lock.takenOverFrom || deadLocks.length > 0 || hasPendingOperations(project, stack)) {
      events.onRepair();
      const report = await repair(context, connection, args[args.indexOf("--config-file") + 1]!);
      compared = report.complete;
      events.onRepaired(report);
    }
    end = await run(args);
  } catch (error) {
    if (lock.takenOverFrom || deadLocks.length > 0) lock.abandon();
    else lock.release();
    throw error;
  }
  // What could not be compared before stays to be done, unless this run converged all the same.
  if (endedWhole(end) && (compared || end.code === 0) && isSameMiniature(project, connection)) lock.release();
  else lock.abandon();
  return end;
}

async function repair({ project, stack, env }: StackContext, connection: Connection, settingsFile: string): Promise<RepairReport> {
  const [{ repairStack }, { readMiniature }] = await Promise.all([import("./repair.ts"), import("./miniature-arm.ts")]);
  return repairStack({ project, stack, env, settingsFile, subscriptionId: connection.subscriptionId, read: readMiniature(connection) });
}

function endedWhole({ code }: EngineEnd): boolean {
  return code !== null;
}

/** An engine that loses its providers in the middle ends in good order, but does not know what it created. */
function isSameMiniature(project: Project, { pid, startedAt }: Connection): boolean {
  const now = findMiniature(layoutOf(project.folder));
  return now?.pid === pid && now.startedAt === startedAt;
}

function shellOfMiniature(stack: string): UserError {
  return new UserError("SHELL_OF_MINIATURE", "this shell has the miniature's environment (toolwharf local env), and the stack is on Azure", {
    value: `${stack}; PULUMI_DEBUG_PROVIDERS=${process.env.PULUMI_DEBUG_PROVIDERS}`,
    next: "run it in a new shell",
  });
}
