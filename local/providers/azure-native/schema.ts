import type { Unsupported } from "../../arm/not-emulated.ts";

/**
 * The shape of a property, in the words that the SDK uses. One description serves all that a provider does with a
 * property: checking, the request body, outputs, previews, and finding drift.
 */
export type Property = (
  | { type: "string"; minLength?: number; maxLength?: number; pattern?: string }
  | { type: "integer"; minimum?: number; maximum?: number }
  | { type: "number"; minimum?: number; maximum?: number }
  | { type: "boolean" }
  /** `key`: items are told apart by these properties, so their order means nothing (`x-ms-identifiers`). */
  | { type: "array"; items: Property; key?: string[] }
  | { type: "map"; values: Property }
  | { type: "object"; properties: Properties }
  /** A `string[]` in the program, an object with these keys for ARM, and a map to `values` in the outputs. */
  | { type: "string-set"; values: Property }
) &
  Flags;

export interface Flags {
  required?: boolean;
  /** Only ARM sets it: never sent, unknown in previews. */
  readOnly?: boolean;
  /** ARM never answers it: it is kept in the inputs alone. */
  writeOnly?: boolean;
  /** A change replaces the resource. */
  createOnly?: boolean;
  /** The name ARM uses, when it is another. */
  wireName?: string;
  /** What leaving it out means; adding it with this value is no change. */
  default?: string | number | boolean;
}

export type Properties = Record<string, Property>;

/** How a resource gets its name when the program gives none. */
export type AutoName = "random" | "uuid";

export interface PathParameter {
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  autoName?: AutoName;
  /** Its value is a path itself, with slashes. */
  isPath?: boolean;
}

export interface ResourceType {
  /** `azure-native:app:ContainerApp` */
  token: string;
  /** `azure-native:app:getContainerApp`, the function that looks one up. */
  getter?: string;
  apiVersion: string;
  /** ARM id with `{subscriptionId}` and the path parameters, by the names that the SDK gives them. */
  path: string;
  parameters: Record<string, PathParameter>;
  /** Properties that ARM keeps beside `properties`. */
  envelope: Properties;
  /** Properties that ARM keeps inside `properties`, and the SDK does not. */
  properties: Properties;
  /** What of all this the miniature's ARM refuses. */
  notEmulated: readonly Unsupported[];
}

type Options<T extends Property["type"]> = Partial<Omit<Extract<Property, { type: T }>, "type">>;

export const string = (options: Options<"string"> = {}): Property => ({ type: "string", ...options });
export const integer = (options: Options<"integer"> = {}): Property => ({ type: "integer", ...options });
export const number = (options: Options<"number"> = {}): Property => ({ type: "number", ...options });
export const boolean = (options: Options<"boolean"> = {}): Property => ({ type: "boolean", ...options });
export const array = (items: Property, options: Options<"array"> = {}): Property => ({ type: "array", ...options, items });
export const map = (values: Property, options: Options<"map"> = {}): Property => ({ type: "map", ...options, values });
export const object = (properties: Properties, options: Options<"object"> = {}): Property => ({ type: "object", ...options, properties });
export const stringSet = (values: Property, options: Options<"string-set"> = {}): Property => ({ type: "string-set", ...options, values });

export const readOnly = true;
export const writeOnly = true;
export const createOnly = true;
export const required = true;
