import { ArmError, NOT_EMULATED_PAGE } from "./errors.ts";
import { isAbsent, isObject, type JsonObject } from "./json.ts";

/** Stands in a body for a value that only the deployment will know; it asks for nothing yet. */
export const UNDECIDED = Symbol("undecided");

/** A property that Azure has and the miniature has not. */
export interface Unsupported {
  /** In the body of a PUT, `[]` for each item of a list: `properties.template.containers[].imageType`. */
  path: string;
  /** Whether this value needs what the miniature has not. @default anything but absent, false and empty, at any depth */
  asks?: (value: unknown, body: JsonObject) => boolean;
  /** What to do about it, as a whole sentence. */
  instead?: string | ((value: unknown, body: JsonObject) => string);
}

export interface NotEmulated {
  /** With the number of each item: `properties.template.containers[0].imageType`. */
  path: string;
  instead?: string;
}

/** For a property whose default is the one value that the miniature has. */
export function anythingBut(...neutral: Array<string | number | boolean>): (value: unknown) => boolean {
  return (value) => !isNothing(value) && !neutral.some((each) => same(each, value));
}

/** For a property of which the miniature lacks single values. */
export function anyOf(...values: string[]): (value: unknown) => boolean {
  return (value) => typeof value === "string" && values.some((each) => same(each, value));
}

/** For an object whose keys alone say something: identities. */
export function hasMembers(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length > 0;
}

/** Everything in a body that the miniature has not. */
export function notEmulatedIn(body: JsonObject, table: readonly Unsupported[]): NotEmulated[] {
  return table.flatMap(({ path, asks = (value) => !isNothing(value), instead }) =>
    placesOf(body, path.replaceAll("[]", ".[]").split("."), "")
      .filter(({ value }) => typeof value !== "symbol" && asks(value, body))
      .map(({ path: place, value }) => ({ path: place, ...(instead !== undefined && { instead: typeof instead === "string" ? instead : instead(value, body) }) })),
  );
}

/** @throws ArmError `NotEmulated` that names them all; asked after Azure's own rules, so that what Azure refuses is refused in Azure's words */
export function refuseNotEmulated(type: string, body: JsonObject, table: readonly Unsupported[]): void {
  const found = notEmulatedIn(body, table);
  if (found.length === 0) return;
  const named = found.map(({ path, instead }) => (instead ? `'${path}'. ${instead}` : `'${path}'.`));
  throw new ArmError("NotEmulated", `Azure in miniature does not emulate, of ${type}: ${named.join(" ")} See ${NOT_EMULATED_PAGE}`, 501);
}

/** Absent, false and empty, and what holds nothing else. */
function isNothing(value: unknown): boolean {
  if (isAbsent(value) || value === false || value === "" || typeof value === "symbol") return true;
  return typeof value === "object" && Object.values(value).every(isNothing);
}

const same = (one: string | number | boolean, other: unknown) => (typeof one === "string" && typeof other === "string" ? one.toLowerCase() === other.toLowerCase() : one === other);

function placesOf(value: unknown, [name, ...rest]: string[], path: string): Array<{ path: string; value: unknown }> {
  if (name === undefined) return [{ path, value }];
  if (name === "[]") return Array.isArray(value) ? value.flatMap((item, index) => placesOf(item, rest, `${path}[${index}]`)) : [];
  return isObject(value) ? placesOf(value[name], rest, path === "" ? name : `${path}.${name}`) : [];
}
