import type { Fault } from "../../local/faults/faults.ts";
import type { FaultKind } from "../../local/faults/table.ts";
import type { CommandOptions } from "../commands.ts";
import { table } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { askFaults, describeFault } from "./faults.ts";

interface Listed {
  switches: Record<string, FaultKind>;
  on: Fault[];
}

export async function run(options: CommandOptions, terminal: Terminal): Promise<number> {
  const listed = await askFaults<Listed>("GET", "");
  terminal.stdout.write(options.json ? `${JSON.stringify(listed, null, 2)}\n` : render(listed));
  return 0;
}

function render({ switches, on }: Listed): string {
  const rows = Object.entries(switches).map(([name, kind]) => [name, parametersOf(kind), kind.what]);
  return [
    table(["switch", "options", "what it does"], rows),
    "\n",
    on.length === 0 ? "none is on\n" : `on\n${on.map((fault) => `  ${describeFault(fault)}\n`).join("")}`,
  ].join("");
}

function parametersOf({ target, times, seconds, requests }: FaultKind): string {
  const options = [
    ...(target ? [`--${target}`] : []),
    ...(times ? [`--times${times.default === undefined ? "" : ` ${times.default}`}`] : []),
    ...(seconds ? [`--seconds ${seconds.default}`] : []),
    ...(requests ? [`--requests ${requests.default}`] : []),
  ];
  return options.join(" ") || "-";
}
