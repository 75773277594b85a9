/**
 * `TOOLWHARF_VERIFY`: `off` where the program runs without deploying (refresh or destroy with `--run-program`), names of
 * tools separated by commas where a run is about these alone. Unset: every tool of the stack is judged.
 */
export interface VerifyOption {
  /** Whether anything is asked of Azure beside the engine. */
  enabled: boolean;
  judges: (tool: string) => boolean;
}

export function readVerifyOption(text: string | undefined = process.env.TOOLWHARF_VERIFY): VerifyOption {
  const wanted = text?.trim() ?? "";
  if (wanted === "" || wanted === "on") return { enabled: true, judges: () => true };
  if (wanted === "off") return { enabled: false, judges: () => false };
  const names = new Set(wanted.split(",").map((name) => name.trim()));
  return { enabled: true, judges: (tool) => names.has(tool) };
}
