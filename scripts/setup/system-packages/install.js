import { findExecutable } from "../find-executable.js";
import { asRoot, canBeRoot } from "../privilege.js";
import { CommandFailed, runCommand } from "../run-command.js";
import { SetupError } from "../setup-error.js";
import { hasSystemd } from "../systemd.js";
import { confirmInstallation } from "./ask.js";

/** Programs that come from Debian's packages, and what else may bring them. */
export const PROGRAMS = {
  "docker.io": { program: "dockerd", why: "the Docker engine, which builds and runs the tools", otherwise: "install and start Docker" },
  "docker-registry": {
    program: "docker-registry",
    why: "the OCI registry behind the miniature's container registry",
    otherwise: "put the `registry` program of the CNCF project Distribution on PATH under the name docker-registry",
  },
  mmdebstrap: {
    program: "mmdebstrap",
    why: "makes base images from Debian's packages, since Docker Hub cannot be reached",
    otherwise: "let the engine reach Docker Hub, or a mirror of it (`registry-mirrors` in /etc/docker/daemon.json)",
  },
};

/** @typedef {keyof typeof PROGRAMS} PackageName */

/** @param {PackageName} name */
export function hasProgram(name) {
  return findExecutable(PROGRAMS[name].program) !== undefined;
}

/**
 * Installs packages that are missing; one that is there is never touched.
 *
 * @param {readonly PackageName[]} names
 * @param {import("../progress.js").Step} step
 * @param {{ env: NodeJS.ProcessEnv, terminal: boolean }} options
 */
export async function installPackages(names, step, { env, terminal }) {
  const missing = names.filter((name) => !hasProgram(name));
  if (missing.length === 0) return;
  if (!findExecutable("apt-get")) {
    const lines = missing.map((name) => `  ${PROGRAMS[name].why}: ${PROGRAMS[name].otherwise}`);
    throw new SetupError("NO_APT", ["This machine has no apt-get, so the set-up cannot install what is missing:", ...lines, "Then run the command again."].join("\n"));
  }
  const packages = missing.map((name) => ({ name, why: PROGRAMS[name].why }));
  await confirmInstallation(packages, { env, terminal, note: step.note });
  if (!(await canBeRoot())) {
    throw new SetupError("NOT_ROOT", `Installing system packages needs root, and sudo asks for a password. Run: sudo apt-get install -y ${missing.join(" ")}; then run the command again.`);
  }
  step.begin(`installing ${missing.join(", ")} with apt-get`);
  await apt(["update"], step, "refreshing the package lists");
  await apt(["install", "-y", "--no-upgrade", "--no-remove", ...missing], step, "downloading");
  if (missing.includes("docker-registry")) await stopRegistryService();
  step.end(`${missing.join(", ")} installed`);
}

/**
 * @param {readonly string[]} args
 * @param {import("../progress.js").Step} step
 * @param {string} phase
 */
async function apt(args, step, phase) {
  step.at(phase);
  const command = asRoot("env", ["DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=120", "-o", "APT::Color=0", ...args]);
  await runCommand(...command, {
    onLine: (line) => {
      if (/^(Unpacking|Setting up) /.test(line)) step.at(line.replace(/ \.\.\.$/, ""));
    },
  }).catch((error) => {
    // One unreachable third-party source fails `update` though Debian's own lists are fresh; `install` then decides.
    if (args[0] === "update" && error instanceof CommandFailed) return;
    throw error;
  });
}

/** The package starts a registry of its own on port 5000 where systemd runs; the miniature starts its registries itself. */
async function stopRegistryService() {
  if (hasSystemd()) await runCommand(...asRoot("systemctl", ["disable", "--now", "docker-registry"])).catch(() => undefined);
}
