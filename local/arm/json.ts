export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as an object; an empty one when it is absent or something else. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The value as a list of objects; empty when it is absent or something else. */
export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Neither given nor null: ARM treats both alike in a PUT. */
export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** `true` for values that ask for nothing: absent, false, empty text, list or object. */
export function isEmpty(value: unknown): boolean {
  if (isAbsent(value) || value === false || value === "") return true;
  return typeof value === "object" && Object.keys(value as object).length === 0;
}

/** Leaves out what is absent, so that an answer has no nulls. */
export function present<T extends JsonObject>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => !isAbsent(value))) as T;
}

/** JSON merge patch (RFC 7396): objects are merged, null removes, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: JsonObject = { ...objectOf(target) };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}
