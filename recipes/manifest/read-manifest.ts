import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { RecipeError } from "../errors.ts";
import type { Problem } from "../errors.ts";
import { sizeFrom } from "../sizing.ts";
import type { ManifestDocument } from "./definition.ts";
import { consistencyProblems } from "./consistency.ts";
import type { Manifest, ManifestFields } from "./manifest.ts";
import { nameOf, schemaProblems, shown } from "./schema-problems.ts";
import { readYaml } from "./yaml-source.ts";

const SCHEMA = JSON.parse(readFileSync(new URL("./tool.schema.json", import.meta.url), "utf8")) as object;
const SECONDS = { m: 60, h: 3_600, d: 86_400 };

/**
 * @param file its name, for messages
 * @throws RecipeError `MANIFEST_UNREADABLE` or `MANIFEST_INVALID` with every problem, each with line and column
 */
export function readManifest(file: string, bytes: Uint8Array): Manifest {
  const source = readYaml(file, bytes);
  if ("problems" in source) throw new RecipeError(source.problems);
  // An empty file, or one of comments.
  const value = source.value ?? {};
  const problem: Manifest["problem"] = (path, code, reason, more) => ({ code, message: `${nameOf(path)} ${reason}`, file, ...source.placeOf(path), ...more });
  const wrong = schemaProblems(file, { ...source, value }, SCHEMA);
  const document = withoutFields(value, wrong.map(({ path }) => path[0]));
  const inconsistent = consistencyProblems(document).map(({ path, reason, allowed }): Problem => {
    const found = path.reduce<unknown>((inside, step) => (inside as Record<string, unknown>)[step], document);
    return problem(path, "MANIFEST_INVALID", `is ${shown(found)}${reason}`, { value: found, allowed });
  });
  const problems = [...wrong.map((each) => each.problem), ...inconsistent].sort((left, right) => left.line! - right.line! || left.column! - right.column!);
  if (problems.length > 0) throw new RecipeError(problems);
  return { file, fields: fieldsOf(document), problem };
}

/** What is of the right form, so that the rest is checked all the same. */
function withoutFields(value: unknown, wrong: readonly unknown[]): ManifestDocument {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([key]) => !wrong.includes(key))) as ManifestDocument;
}

function fieldsOf(document: ManifestDocument): ManifestFields {
  const { name, runtime, entrypoint, port, healthPath, startupSeconds, protocol, access, allowedIps, secrets = [], volumes = [], systemPackages = [], tags = {} } = document;
  const { dockerfile, context, target, args, tags: imageTags = [] } = document.build ?? {};
  const { resources, command, ttl } = document;
  return defined({
    name,
    group: document.group ?? document.component,
    runtime,
    entrypoint,
    command: typeof command === "string" ? command.split(/ +/) : command,
    port,
    healthPath,
    startupSeconds,
    protocol,
    size: resources && sizeFrom(resources),
    ...document.scale,
    access,
    allowedIps,
    environment: texts(document.environment),
    secrets,
    volumes,
    build: defined({ dockerfile: dockerfile && normalized(dockerfile), context: context && normalized(context), target, args: texts(args), tags: imageTags }),
    systemPackages,
    tags,
    ttlSeconds: ttl === undefined ? undefined : Number.parseInt(ttl, 10) * SECONDS[ttl.at(-1) as keyof typeof SECONDS],
  });
}

/** `./scripts//Dockerfile` is `scripts/Dockerfile`. */
const normalized = (path: string): string => posix.normalize(path).replace(/(?<=.)\/$/, "");
const texts = (values: Record<string, string | number | boolean> = {}): Record<string, string> => Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));

function defined<T extends object>(values: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
