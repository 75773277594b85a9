import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { isMap, Secret, unknown, Unknown } from "./property-values.ts";
import type { PropertyMap, PropertyValue } from "./property-values.ts";

const { Struct } = structs;
type Struct = InstanceType<typeof Struct>;
type Json = null | boolean | number | string | Json[] | JsonObject;
interface JsonObject {
  [key: string]: Json;
}

/** Key of the objects that stand for something JSON cannot say (Pulumi, pkg/resource/plugin/rpc.go). */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SIGNATURES = {
  secret: "1b47061264138c4ac30d75fd1eb44270",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
} as const;

const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** One sentinel for each type the value will have; which type it is makes no difference to these providers. */
const UNKNOWNS: ReadonlySet<Json> = new Set([
  UNKNOWN_STRING,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

/**
 * The engine's property bag as values. Top-level and nested nulls are left out, as Pulumi's own providers do:
 * a property set to null is a property not set.
 * @throws Error for assets, archives and resource references: no type served here takes them.
 */
export function decodeProperties(struct: Struct | undefined): PropertyMap {
  return decodeMap((struct?.toJavaScript() ?? {}) as JsonObject, "");
}

function decodeMap(values: JsonObject, path: string): PropertyMap {
  const result: PropertyMap = {};
  for (const [key, value] of Object.entries(values)) {
    if (value !== null) result[key] = decode(value, path === "" ? key : `${path}.${key}`);
  }
  return result;
}

function decode(value: Json, path: string): PropertyValue {
  if (UNKNOWNS.has(value)) return unknown;
  if (Array.isArray(value)) return value.map((item, index) => decode(item, `${path}[${index}]`));
  if (typeof value !== "object" || value === null) return value;
  const special = value[SIGNATURE_KEY];
  if (special === undefined) return decodeMap(value, path);
  if (special === SIGNATURES.secret) return new Secret(decode(value["value"] ?? null, path));
  if (special === SIGNATURES.output) {
    const inner = value["value"] === undefined ? unknown : decode(value["value"], path);
    return value["secret"] === true ? new Secret(inner) : inner;
  }
  const kind = Object.entries(SIGNATURES).find(([, signature]) => signature === special)?.[0];
  throw new Error(`'${path}' is ${kind === undefined ? "of a kind that Pulumi added later" : `a Pulumi ${kind}`}, which no resource of Azure in miniature takes.`);
}

export function encodeProperties(values: PropertyMap): Struct {
  return Struct.fromJavaScript(encodeMap(values));
}

function encodeMap(values: PropertyMap): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) result[key] = encode(value);
  }
  return result;
}

function encode(value: PropertyValue): Json {
  if (value instanceof Unknown) return UNKNOWN_STRING;
  if (value instanceof Secret) return { [SIGNATURE_KEY]: SIGNATURES.secret, value: encode(value.value) };
  if (Array.isArray(value)) return value.map(encode);
  return isMap(value) ? encodeMap(value) : value;
}
