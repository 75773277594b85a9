import { SIZE_RULE, sizeFrom } from "../sizing.ts";
import type { ManifestDocument } from "./definition.ts";

export interface Inconsistency {
  path: (string | number)[];
  /** Continues "<field> is <value>". */
  reason: string;
  allowed?: string;
}

/** Set by the program for every container. */
const RESERVED_VARIABLES = ["PORT"];

/** What no schema can say: values that do not go together. */
export function consistencyProblems(document: ManifestDocument): Inconsistency[] {
  const { group, component, resources, scale, access, allowedIps, secrets = [], environment = {}, volumes = [], runtime, build, tags = {}, command, entrypoint } = document;
  const found: Inconsistency[] = [];
  const say = (path: (string | number)[], reason: string, allowed?: string): void => void found.push({ path, reason: allowed === undefined ? reason : `${reason}; allowed: ${allowed}`, allowed });

  if (group !== undefined && component !== undefined && group !== component) say(["component"], `, and group is ${JSON.stringify(group)}: they are two words for the same`, "one of them");
  if (resources && !sizeFrom(resources)) say(["resources"], "", `these pairs of vCPU and memory: ${SIZE_RULE}`);
  if (scale?.minReplicas !== undefined && scale.maxReplicas !== undefined && scale.minReplicas > scale.maxReplicas) say(["scale", "minReplicas"], "", `at most maxReplicas, which is ${scale.maxReplicas}`);
  if (access === "ip-list" && !allowedIps?.length) say(["access"], ", and allowedIps is not set", "at least one address or range in allowedIps");
  for (const name of RESERVED_VARIABLES) {
    if (name in environment) say(["environment", name], ": this variable is the port's", "port");
    if (secrets.includes(name)) say(["secrets", secrets.indexOf(name)], ": this variable is the port's", "port");
  }
  for (const [at, name] of secrets.entries()) if (Object.hasOwn(environment, name)) say(["secrets", at], ", and environment has it too", "one of them");
  for (const [at, { mountPath }] of volumes.entries()) if (volumes.findIndex((other) => other.mountPath === mountPath) !== at) say(["volumes", at, "mountPath"], ", as is another volume's", "a path for each");
  for (const [at, name] of Object.keys(tags).entries()) {
    const same = Object.keys(tags).slice(0, at).find((other) => other.toLowerCase() === name.toLowerCase());
    if (same !== undefined) say(["tags", name], `, and ${JSON.stringify(same)} is the same tag to Azure, whatever the case`, "one of them");
  }
  if (build?.dockerfile !== undefined && runtime !== undefined && runtime !== "dockerfile") say(["runtime"], `, and build.dockerfile is ${JSON.stringify(build.dockerfile)}`, "dockerfile, or no build.dockerfile");
  for (const key of ["context", "target"] as const) {
    if (build?.[key] !== undefined && runtime !== undefined && runtime !== "dockerfile") say(["build", key], `, which only a Dockerfile of the folder's own has, and runtime is ${JSON.stringify(runtime)}`, "runtime dockerfile, or none of it");
  }
  if (command !== undefined && entrypoint !== undefined) say(["entrypoint"], ", and command is set, which says all of what is run", "one of them");
  return found;
}
