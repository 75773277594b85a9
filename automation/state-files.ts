import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Project } from "./project.ts";

/** A resource as Pulumi's checkpoints and deployments (version 3) hold it; only what is read here is named. */
export interface ResourceState {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  delete?: boolean;
  external?: boolean;
  parent?: string;
  provider?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[] | null>;
  deletedWith?: string;
  initErrors?: string[];
  [other: string]: unknown;
}

export interface PendingOperation {
  type: "creating" | "updating" | "deleting" | "reading" | "importing";
  resource: ResourceState;
}

export interface Deployment {
  resources?: ResourceState[];
  pending_operations?: PendingOperation[];
  [other: string]: unknown;
}

export const STACK_TYPE = "pulumi:pulumi:Stack";
export const STACK_REFERENCE_TYPE = "pulumi:pulumi:StackReference";
/** The key that marks a secret, an asset or a reference among a state's plain values. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
/** JavaScript puts such keys first, whatever order they were written in. */
const INTEGER = /^\d+$/;

/** Paths of Pulumi's file backend. */
export const checkpointFile = (project: Project, stack: string): string =>
  join(project.state, ".pulumi", "stacks", project.name, `${stack}.json`);
export const engineLockFolder = (project: Project, stack: string): string =>
  join(project.state, ".pulumi", "locks", "organization", project.name, stack);
/** What the backend keeps of earlier updates; it removes neither with the stack. */
export const historyFolders = (project: Project, stack: string): string[] =>
  ["backups", "history"].map((kind) => join(project.state, ".pulumi", kind, project.name, stack));

export function stackExists(project: Project, stack: string): boolean {
  return existsSync(checkpointFile(project, stack));
}

/** Names of all stacks on the file backend, sorted. */
export function stackNames(project: Project): string[] {
  try {
    return readdirSync(join(project.state, ".pulumi", "stacks", project.name))
      .filter((name) => name.endsWith(".json"))
      .map((name) => name.slice(0, -".json".length))
      .sort();
  } catch {
    return [];
  }
}

/** `undefined` if the stack does not exist. The backend replaces the file whole, so a reader never sees half of it. */
export function readDeployment(project: Project, stack: string): Deployment | undefined {
  const text = checkpointText(project, stack);
  if (text === undefined) return undefined;
  return (JSON.parse(text) as { checkpoint: { latest?: Deployment } }).checkpoint.latest ?? {};
}

/** Cheap: an `up` that ended well leaves no such key. */
export function hasPendingOperations(project: Project, stack: string): boolean {
  return checkpointText(project, stack)?.includes('"pending_operations"') ?? false;
}

export function outputsOf(deployment: Deployment): Record<string, unknown> {
  return deployment.resources?.find((resource) => resource.type === STACK_TYPE)?.outputs ?? {};
}

/**
 * What `pulumi stack output --json` prints for these outputs.
 *
 * @returns `undefined` where only the engine can say it: secrets, assets, and text or numbers that Go writes differently
 */
export function printedOutputs(outputs: Record<string, unknown>): string | undefined {
  return isPlain(outputs) ? `${JSON.stringify(sorted(outputs), null, 2)}\n` : undefined;
}

function isPlain(value: unknown): boolean {
  if (value === null || typeof value === "boolean") return true;
  if (typeof value === "string") return /^[\x20-\x7e]*$/.test(value);
  if (typeof value === "number") return Number.isSafeInteger(value);
  if (Array.isArray(value)) return value.every(isPlain);
  return !(SIGNATURE_KEY in (value as object)) && Object.entries(value as object).every(([key, each]) => isPlain(key) && !INTEGER.test(key) && isPlain(each));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  // Without a prototype, so that a key like `__proto__` stays a key.
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, each] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) copy[key] = sorted(each);
  return copy;
}

function checkpointText(project: Project, stack: string): string | undefined {
  try {
    return readFileSync(checkpointFile(project, stack), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
