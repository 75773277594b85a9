import type { Problem, RecipeCode } from "../errors.ts";
import type { Access, Protocol, Runtime } from "../runtimes.ts";
import type { Size } from "../sizing.ts";

/** A storage of the environment, mounted. */
export interface Volume {
  storage: string;
  mountPath: string;
}

/** What a manifest says, in one form whatever way it was written. What it does not say is absent. */
export interface ManifestFields {
  name?: string;
  group?: string;
  runtime?: Runtime;
  /** `module:variable`, `module:factory()` or a file. */
  entrypoint?: string;
  /** An argument an element; never empty. */
  command?: string[];
  port?: number;
  healthPath?: string;
  startupSeconds?: number;
  protocol?: Protocol;
  /** A pair that Azure has. */
  size?: Size;
  minReplicas?: number;
  maxReplicas?: number;
  concurrentRequests?: number;
  access?: Access;
  allowedIps?: string[];
  environment: Record<string, string>;
  /** Names of environment variables whose values come with the deployment. */
  secrets: string[];
  volumes: Volume[];
  build: {
    /** Relative to the tool's folder, as is the context; without `./` and `//`. */
    dockerfile?: string;
    context?: string;
    target?: string;
    args: Record<string, string>;
    tags: string[];
  };
  systemPackages: string[];
  /** Of the container app in Azure. */
  tags: Record<string, string>;
  /** Seconds. */
  ttlSeconds?: number;
}

export interface Manifest {
  /** `tool.yaml`, or what it would be called if there were one. */
  file: string;
  fields: ManifestFields;
  /** A problem with one field, with its line and column: `["build", "dockerfile"]`. */
  problem: (path: readonly (string | number)[], code: RecipeCode, reason: string, more?: Pick<Problem, "value" | "allowed">) => Problem;
}

/** Of a folder without one. */
export function noManifest(): Manifest {
  return {
    file: MANIFEST_NAMES[0],
    fields: { environment: {}, secrets: [], volumes: [], build: { args: {}, tags: [] }, systemPackages: [], tags: {} },
    problem: (path, code, reason, more) => ({ code, message: `${path.join(".")} ${reason}`, ...more }),
  };
}

/** Of a manifest whose entry point is a file that the folder has not. */
export function noSuchEntry({ problem }: Manifest, entrypoint: string): Problem {
  return problem(["entrypoint"], "ENTRYPOINT_MISSING", `is ${JSON.stringify(entrypoint)}, and there is no such file`, { value: entrypoint });
}

export const MANIFEST_NAMES = ["tool.yaml", "tool.yml"] as const;
/** 64 KiB: a long one has a hundred lines. */
export const MAX_MANIFEST_BYTES = 64 * 1024;
