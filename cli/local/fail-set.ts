import type { Fault } from "../../local/faults/faults.ts";
import type { CommandOptions } from "../commands.ts";
import type { Terminal } from "../terminal.ts";
import { askFaults, describeFault } from "./faults.ts";

export async function run(options: CommandOptions, terminal: Terminal): Promise<number> {
  const { app, registry, requests } = options;
  const fault = await askFaults<Fault>("PUT", String(options.switch), { app, registry, requests, times: numberOf(options.times), seconds: numberOf(options.seconds) });
  terminal.stdout.write(options.json ? `${JSON.stringify(fault, null, 2)}\n` : `set ${describeFault(fault)}\n`);
  return 0;
}

/** What is no number stays as it was typed, and is refused with the limits. */
function numberOf(typed: string | boolean | undefined): unknown {
  return typeof typed === "string" && /^\d{1,9}$/.test(typed) ? Number(typed) : typed;
}
