import { join } from "node:path";
import { runCommand } from "../run-command.js";
import { PULUMI_VERSION } from "../versions.js";

export const DOWNLOADS = "https://get.pulumi.com/install.sh";

/**
 * By Pulumi's own installer, the one that its npm package and its Automation API run: CLI and language hosts.
 *
 * @param {string} target gets the folder `bin`
 */
export async function downloadCli(target) {
  const script = join(target, "install.sh");
  await runCommand("curl", ["--fail", "--silent", "--show-error", "--location", "--max-time", "60", "--output", script, DOWNLOADS]);
  await runCommand("sh", [script, "--no-edit-path", "--install-root", target, "--version", PULUMI_VERSION]);
}
