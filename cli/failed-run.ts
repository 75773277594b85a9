import type { EngineEnd } from "../automation/engine.ts";
import { UserError } from "../automation/user-error.ts";

/**
 * The engine has said what failed, above; this is the last word.
 *
 * @param asked whether the engine asked somebody, who may have said no: its exit code does not tell
 */
export function failedRun(command: string, stack: string, { code, signal, interrupted }: EngineEnd, asked = false): UserError {
  const again = `toolwharf ${command} --stack ${stack}`;
  if (interrupted) return new UserError("RUN_INTERRUPTED", `${command} of stack ${stack} was interrupted`, { next: again });
  return new UserError("ENGINE_FAILED", `${command} of stack ${stack} ${asked ? "was declined or failed" : "failed"}; the reasons are above`, {
    value: `pulumi ended with ${signal ?? `exit code ${code}`}`,
    next: `mend them, then: ${again}`,
  });
}
