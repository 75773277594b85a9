import type { CommandOptions } from "./commands.ts";
import { render } from "./doctor/finding.ts";
import type { Terminal } from "./terminal.ts";

export async function run(options: CommandOptions, terminal: Terminal): Promise<number> {
  const findings = options.azure
    ? await (await import("./doctor/azure.ts")).lookAtAzure({ registry: options.registry as string | undefined })
    : await (await import("./doctor/machine.ts")).lookAtMachine();
  terminal.stdout.write(options.json ? `${JSON.stringify(findings, null, 2)}\n` : render(findings));
  return findings.some(({ state }) => state === "missing") ? 1 : 0;
}
