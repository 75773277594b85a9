// The part of TypeBox that checks a value against JSON Schema as it stands.
import { Errors } from "typebox/schema";
import { Settings } from "typebox/system";
import type { Problem } from "../errors.ts";
import { nearestName } from "../names.ts";
import type { Path, YamlSource } from "./yaml-source.ts";

/** By default it stops after eight. */
Settings.Set({ maxErrors: 1_000 });

interface Schema {
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  errorMessage?: string;
  keyMessage?: string;
  maxProperties?: number;
}

/** A sentence for each value that the schema does not allow, with the path of the value. */
export function schemaProblems(file: string, source: YamlSource, schema: object): Array<{ path: Path; problem: Problem }> {
  const [, errors] = Errors(schema, source.value);
  const wrongKeys = errors.flatMap((error) => (error.keyword === "additionalProperties" ? error.params.additionalProperties.map((key) => [...stepsOf(error.instancePath), key]) : []));
  const wrongValues = errors.filter(({ keyword }) => keyword !== "additionalProperties" && keyword !== "boolean").map(({ instancePath }) => stepsOf(instancePath));
  const missing = errors.flatMap((error) => (error.keyword === "required" ? error.params.requiredProperties.map((key) => [...stepsOf(error.instancePath), key]) : []));
  const gone = new Set(missing.map((path) => JSON.stringify(path.slice(0, -1))));
  const deepest = unique(wrongValues).filter((path) => !gone.has(JSON.stringify(path)) && !wrongValues.some((other) => other.length > path.length && path.every((step, at) => other[at] === step)));

  return [
    ...unique(wrongKeys).map((path) => ({ path, problem: keyProblem(file, source, path, schema) })),
    ...missing.map((path) => ({ path, problem: missingProblem(file, source, path, schema) })),
    ...deepest.map((path) => ({ path, problem: valueProblem(file, source, path, schema) })),
  ];
}

function missingProblem(file: string, source: YamlSource, path: Path, schema: Schema): Problem {
  const allowed = schemaAt(schema, path)?.errorMessage;
  return { code: "MANIFEST_INVALID", message: `${nameOf(path)} is missing; needed: ${allowed}`, file, ...source.placeOf(path), allowed };
}

function valueProblem(file: string, source: YamlSource, path: Path, schema: Schema): Problem {
  const value = valueAt(source.value, path);
  const allowed = schemaAt(schema, path)?.errorMessage ?? "another value";
  return { code: "MANIFEST_INVALID", message: `${nameOf(path)} is ${shown(value)}; allowed: ${allowed}`, file, ...source.placeOf(path), value, allowed };
}

function keyProblem(file: string, source: YamlSource, path: Path, schema: Schema): Problem {
  const parent = schemaAt(schema, path.slice(0, -1));
  const key = String(path.at(-1));
  const place = source.placeOf(path, "key");
  if (parent?.keyMessage !== undefined) {
    return { code: "MANIFEST_INVALID", message: `${nameOf(path.slice(0, -1))} has the name ${shown(key)}; allowed: ${parent.keyMessage}`, file, ...place, value: key, allowed: parent.keyMessage };
  }
  const known = Object.keys(parent?.properties ?? {});
  const meant = nearestName(key, known);
  const allowed = known.join(", ");
  return { code: "MANIFEST_INVALID", message: `${nameOf(path)} is not a setting${meant === undefined ? "" : `: is ${nameOf([...path.slice(0, -1), meant])} meant?`}; known: ${allowed}`, file, ...place, value: key, allowed };
}

/** The schema of a value; where it has alternatives, the first that knows the rest of the path. */
function schemaAt(schema: Schema | undefined, path: Path): Schema | undefined {
  if (schema === undefined || path.length === 0) return schema;
  const [step, ...rest] = path;
  const pattern = Object.entries(schema.patternProperties ?? {}).find(([expression]) => new RegExp(expression, "u").test(String(step)))?.[1];
  const inside = (Object.hasOwn(schema.properties ?? {}, step!) ? schema.properties![step!] : undefined) ?? pattern ?? schema.items;
  if (inside) return schemaAt(inside, rest);
  return schema.anyOf?.map((each) => schemaAt(each, path)).find((each) => each !== undefined);
}

const stepsOf = (pointer: string): string[] => pointer.split("/").slice(1).map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
const unique = (paths: string[][]): string[][] => [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
const valueAt = (value: unknown, path: Path): unknown => path.reduce<unknown>((inside, step) => (inside as Record<string, unknown> | undefined)?.[step], value);

/** `build.args`, `volumes[0].storage`; the whole file is "it". */
export function nameOf(path: Path): string {
  if (path.length === 0) return "it";
  return path.map((step, at) => (/^\d+$/.test(String(step)) ? `[${step}]` : at === 0 ? String(step) : `.${step}`)).join("");
}

/** As JSON, and never longer than a line. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
