import { findProject } from "../../automation/project.ts";
import { startMiniature } from "../../local/control.ts";
import { layoutOf } from "../../local/layout.ts";
import type { CommandOptions } from "../commands.ts";
import type { Terminal } from "../terminal.ts";

export async function run(options: CommandOptions, terminal: Terminal): Promise<number> {
  const layout = layoutOf(findProject(process.cwd()).folder);
  const { connection, started } = await startMiniature(layout);
  if (options.json) {
    terminal.stdout.write(`${JSON.stringify({ started, ...connection }, null, 2)}\n`);
    return 0;
  }
  terminal.stdout.write(
    [
      `the miniature ${started ? "runs" : "was running"} (pid ${connection.pid})`,
      `  ARM      ${connection.armEndpoint}`,
      `  ingress  https://<fqdn>${connection.ingressPort === 443 ? "" : `:${connection.ingressPort}`}`,
      `  CA       ${connection.caFile}`,
      `  log      ${layout.logFile}`,
      "",
    ].join("\n"),
  );
  return 0;
}
