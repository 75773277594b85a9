import { createInterface } from "node:readline/promises";
import { SetupError } from "../setup-error.js";

/**
 * With a terminal asks once for all packages; without one installs them and says so.
 *
 * @param {readonly { name: string, why: string }[]} packages
 * @param {{ env: NodeJS.ProcessEnv, note: (text: string) => void, terminal: boolean }} options
 */
export async function confirmInstallation(packages, { env, note, terminal }) {
  const names = packages.map(({ name }) => name).join(" ");
  const command = `apt-get install -y ${names}`;
  for (const { name, why } of packages) note(`${name} is missing: ${why}`);
  if (env["TOOLWHARF_NO_INSTALL"]) {
    throw new SetupError("INSTALL_REFUSED", `TOOLWHARF_NO_INSTALL is set, so nothing was installed. Needed: ${names}. Install with: ${command}`);
  }
  if (!terminal) {
    note(`no terminal to ask at, so they are installed: ${command} (TOOLWHARF_NO_INSTALL=1 refuses)`);
    return;
  }
  const dialogue = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-C is a no.
  const answer = await dialogue.question(`  Install these system packages (${names})? [Y/n] `).catch(() => "n");
  dialogue.close();
  if (!/^(y|yes|)$/i.test(answer.trim())) {
    throw new SetupError("INSTALL_REFUSED", `Nothing was installed. Needed: ${names}. Install with: ${command}`);
  }
}
