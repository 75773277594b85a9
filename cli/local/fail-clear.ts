import type { Fault } from "../../local/faults/faults.ts";
import type { CommandOptions } from "../commands.ts";
import type { Terminal } from "../terminal.ts";
import { askFaults, describeFault } from "./faults.ts";

export async function run(options: CommandOptions, terminal: Terminal): Promise<number> {
  const { cleared } = await askFaults<{ cleared: Fault[] }>("DELETE", typeof options.switch === "string" ? options.switch : "");
  if (options.json) terminal.stdout.write(`${JSON.stringify({ cleared }, null, 2)}\n`);
  else terminal.stdout.write(cleared.length === 0 ? "none was on\n" : `cleared\n${cleared.map((fault) => `  ${describeFault(fault)}\n`).join("")}`);
  return 0;
}
