import type { EngineEnd } from "../automation/engine.ts";
import { UserError } from "../automation/user-error.ts";

/** The engine has said what failed, above; this is the last word. */
export function failedRun(command: string, stack: string, { code, signal, interrupted }: EngineEnd): UserError {
  const again = `toolwharf ${command} --stack ${stack}`;
  if (interrupted) return new UserError("INTERRUPTED", `${command} of stack ${stack} was interrupted`, { next: again });
  return new UserError("ENGINE_FAILED", `${command} of stack ${stack} failed; the reasons are above`, {
    value: `pulumi ended with ${signal ?? `exit code ${code}`}`,
    next: `mend them, then: ${again}`,
  });
}
