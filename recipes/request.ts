import { because } from "./recipe.ts";
import type { Found } from "./recipe.ts";
import type { Source } from "./source.ts";
import { DEFAULT_HEALTH_PATH, DEFAULT_PORT } from "./runtimes.ts";

/** What a deployment says of a recipe; all of it can be left out. */
export interface RecipeRequest {
  /** Official name of a base image to the image that takes its place. @default none */
  baseImages?: Readonly<Record<string, string>>;
  /** Set for this tool with the deployment: they come before the manifest and what is found. */
  port?: number;
  healthPath?: string;
  /** Where neither says anything. @default 8000 and "/health" */
  defaults?: { port: number; healthPath: string };
  /** Whether the builder has BuildKit. @default true */
  buildkit?: boolean;
}

export interface Chosen<T> {
  value: T;
  reason: string;
}

/** @param found `null`: more than one, and only the deployment or the manifest can decide */
export function chosenPort(source: Source, request: RecipeRequest, found: Found<number> | null | undefined): Chosen<number> | undefined {
  return chosen("port", source, [request.port, source.manifest.fields.port], found, request.defaults?.port ?? DEFAULT_PORT, "is told in PORT and nothing else was found");
}

export function chosenHealthPath(source: Source, request: RecipeRequest, found: Found<string> | undefined): Chosen<string> {
  return chosen("health path", source, [request.healthPath, source.manifest.fields.healthPath], found, request.defaults?.healthPath ?? DEFAULT_HEALTH_PATH, "is the default and nothing else was found")!;
}

export function chosenCommand({ manifest }: Source): Chosen<string[]> | undefined {
  const { command } = manifest.fields;
  return command && { value: command, reason: because(`it runs ${JSON.stringify(command)}`, `${manifest.file} says so in command`) };
}

function chosen<T>(what: string, { manifest }: Source, [set, written]: [T | undefined, T | undefined], found: Found<T> | null | undefined, otherwise: T, why: string): Chosen<T> | undefined {
  if (set !== undefined) return { value: set, reason: because(`${what} ${set}`, "the deployment's settings say so") };
  if (written !== undefined) return { value: written, reason: because(`${what} ${written}`, `${manifest.file} says so`) };
  if (found === null) return undefined;
  if (found) return { value: found.value, reason: because(`${what} ${found.value}`, found.why) };
  return { value: otherwise, reason: because(`${what} ${otherwise}`, `it ${why}`) };
}
