import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { asRoot, isRoot } from "../privilege.js";
import { runCommand } from "../run-command.js";
import { outgoingMtu } from "./mtu.js";
import { processOf } from "./process-identity.js";
import { writeRecord } from "./record.js";

const PID_FILES = [
  { file: "/var/run/docker.pid", program: "dockerd" },
  { file: "/var/run/docker/containerd/containerd.pid", program: "containerd" },
];

/**
 * Starts dockerd in the background, in a session of its own: neither the end of this command nor its Ctrl-C ends it.
 *
 * @param {string} dockerd path of the program
 * @param {string} folder `.toolwharf/engine`: gets its log and, by `record`, the id by which it is stopped again
 */
export async function launchEngine(dockerd, folder) {
  await removeStalePidFiles();
  mkdirSync(folder, { recursive: true });
  const log = join(folder, "dockerd.log");
  const descriptor = openSync(log, "w");
  const group = isRoot() ? [] : ["--group", String(process.getgid?.())];
  const [command, args] = asRoot(dockerd, ["--mtu", String(outgoingMtu()), ...group]);
  const child = spawn(command, args, { detached: true, stdio: ["ignore", descriptor, descriptor] });
  closeSync(descriptor);
  let exited = false;
  child.on("error", () => (exited = true));
  child.on("exit", () => (exited = true));
  child.unref();
  return {
    log,
    exited: () => exited,
    /** Notes the engine as ours, unless another one won the race; under sudo it is a child of our child. */
    record() {
      const pid = enginePid();
      const engine = pid ? processOf(pid) : undefined;
      if (pid && engine && (pid === child.pid || engine.parent === child.pid)) writeRecord(folder, { pid, startTime: engine.startTime, log });
    },
  };
}

function enginePid() {
  return pidIn("/var/run/docker.pid");
}

/** @param {string} file */
function pidIn(file) {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** After a crash of the machine the id in such a file may belong to another program, and dockerd would refuse to start. */
async function removeStalePidFiles() {
  for (const { file, program } of PID_FILES) {
    const pid = pidIn(file);
    if (pid !== undefined && processOf(pid)?.name !== program) await runCommand(...asRoot("rm", ["-f", file]));
  }
}
