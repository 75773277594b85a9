import { isMap, reveal, sameValue } from "../grpc/property-values.ts";
import { CREATE_BEFORE_DELETE } from "./auto-name.ts";
import { matchItems } from "./keyed-array.ts";
import type { Diff, DiffKind } from "../grpc/provider.ts";
import type { PropertyMap, PropertyValue } from "../grpc/property-values.ts";
import type { Properties, Property, ResourceType } from "./schema.ts";

/** Inputs against inputs, as azure-native compares them: secret marks mean nothing, an unknown is a change. */
export function diffInputs(type: ResourceType, oldInputs: PropertyMap, newInputs: PropertyMap, oldOutputs: PropertyMap): Diff {
  const olds = reveal(oldInputs);
  const news = reveal(newInputs);
  const properties = { ...type.envelope, ...type.properties, ...pathProperties(type) };
  const detailed: Record<string, DiffKind> = {};
  diffMaps(properties, olds, news, "", detailed);
  for (const insensitive of ["location", "resourceGroupName"]) {
    if (detailed[insensitive]?.startsWith("update") && sameIgnoringCaseAndSpaces(olds[insensitive], news[insensitive])) delete detailed[insensitive];
  }
  for (const [path, kind] of Object.entries(detailed)) {
    const property = properties[path];
    // A value ARM chose earlier, now spelled out: the resource already is like that.
    if (kind === "add-replace" && sameValue(news[path], reveal(oldOutputs[path] ?? null))) detailed[path] = "add";
    if (kind === "add" && property?.default !== undefined && property.default === news[path]) delete detailed[path];
  }
  const kinds = Object.values(detailed);
  const random = olds[CREATE_BEFORE_DELETE];
  return {
    changes: kinds.length > 0 ? "some" : "none",
    detailed,
    deleteBeforeReplace: typeof random === "boolean" ? !random : kinds.some((kind) => kind.endsWith("-replace")),
  };
}

/** Whatever is part of the id cannot change. */
function pathProperties(type: ResourceType): Properties {
  return Object.fromEntries(Object.keys(type.parameters).map((name) => [name, { type: "string", createOnly: true }]));
}

function diffMaps(properties: Properties | undefined, olds: PropertyMap, news: PropertyMap, base: string, detailed: Record<string, DiffKind>, replaceAll = false): void {
  for (const key of new Set([...Object.keys(olds), ...Object.keys(news)])) {
    if (key.startsWith("__")) continue;
    const path = base + (base === "" ? key : pathPart(key));
    const property = properties?.[key];
    const replace = property?.createOnly === true;
    const [before, after] = [olds[key], news[key]];
    if (before === undefined) detailed[path] = replace ? "add-replace" : "add";
    else if (after === undefined) detailed[path] = replace ? "delete-replace" : "delete";
    else diffValues(property, before, after, path, detailed, replace || replaceAll);
  }
}

function diffValues(property: Property | undefined, before: PropertyValue, after: PropertyValue, path: string, detailed: Record<string, DiffKind>, replace: boolean): void {
  if (isMap(before) && isMap(after)) {
    diffMaps(property?.type === "object" ? property.properties : undefined, before, after, path, detailed, replace);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    const items = property?.type === "array" ? property.items : undefined;
    const { pairs, added, removed } = matchItems(before, after, property?.type === "array" ? property.key : undefined);
    for (const { index, old, new: current } of pairs) diffValues(items, old, current, `${path}[${index}]`, detailed, false);
    // A moved item can give its index to one that is gone; the change that stays is told.
    for (const index of removed) detailed[`${path}[${index}]`] ??= "delete";
    for (const index of added) detailed[`${path}[${index}]`] = "add";
  } else if (!sameValue(before, after)) {
    detailed[path] = replace ? "update-replace" : "update";
  }
}

/** `.key`, or `["key"]` when the key has characters that a property path gives a meaning. */
function pathPart(key: string): string {
  return /[.["\]]/.test(key) ? `[${JSON.stringify(key)}]` : `.${key}`;
}

function sameIgnoringCaseAndSpaces(left: PropertyValue | undefined, right: PropertyValue | undefined): boolean {
  const normal = (value: PropertyValue | undefined) => (typeof value === "string" ? value.toLowerCase().replaceAll(" ", "") : value);
  return typeof left === "string" && normal(left) === normal(right);
}
