import { UserError } from "../automation/user-error.ts";
import { isMiniatureStack } from "../automation/stack-names.ts";
import type { Terminal } from "./terminal.ts";

/** How the engine shows itself: on a terminal as it likes, elsewhere as plain lines. */
export function displayArguments(terminal: Terminal): string[] {
  return terminal.interactive ? [] : ["--non-interactive", "--color", "never", "--suppress-progress"];
}

/**
 * With a terminal the engine shows its preview and asks; `--yes` goes ahead at once. Without a terminal nobody can be
 * asked: what can be undone on the miniature goes ahead, everything else needs `--yes`.
 *
 * @throws UserError `CONFIRMATION_NEEDED`
 */
export function consentArguments(command: "up" | "refresh" | "destroy", stack: string, yes: boolean, terminal: Terminal): string[] {
  if (yes) return ["--yes", "--skip-preview"];
  if (terminal.interactive) return [];
  if (isMiniatureStack(stack) && command !== "destroy") return ["--yes", "--skip-preview"];
  throw new UserError("CONFIRMATION_NEEDED", `${command} of stack ${stack} needs a yes, and there is no terminal to ask on`, {
    next: `${command === "up" ? `toolwharf preview --stack ${stack}, then ` : ""}toolwharf ${command} --stack ${stack} --yes`,
  });
}
