import { execFileSync } from "node:child_process";
import { nodeBinaryFor } from "./node-binary.js";

/**
 * What `pulumi about` shows of the runtime.
 *
 * @param {string} project
 */
export function aboutRuntime(project) {
  const executable = nodeBinaryFor(project);
  const version = executable === process.execPath ? process.version : execFileSync(executable, ["--version"], { encoding: "utf8" }).trim();
  return { executable, version };
}
