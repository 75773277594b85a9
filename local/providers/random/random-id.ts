import { randomBytes } from "node:crypto";
import { unknown } from "../grpc/property-values.ts";
import type { CheckFailure } from "../grpc/provider.ts";
import type { PropertyMap } from "../grpc/property-values.ts";

export function checkId(inputs: PropertyMap): CheckFailure[] {
  const { byteLength } = inputs;
  if (byteLength === unknown || (typeof byteLength === "number" && Number.isInteger(byteLength) && byteLength >= 1)) return [];
  return [{ property: "byteLength", reason: `byteLength must be a whole number of at least 1, got ${JSON.stringify(byteLength ?? null)}` }];
}

export function randomId(inputs: PropertyMap): { id: string; outputs: PropertyMap } {
  return idOutputs(randomBytes(Number(inputs["byteLength"])), inputs);
}

/** @param id the bytes in base64url, as the provider names the resource, `<prefix>,` before them when there is one */
export function knownId(id: string): { id: string; outputs: PropertyMap } {
  const comma = id.lastIndexOf(",");
  const bytes = Buffer.from(id.slice(comma + 1), "base64url");
  return idOutputs(bytes, { byteLength: bytes.length, ...(comma === -1 ? {} : { prefix: id.slice(0, comma) }) });
}

function idOutputs(bytes: Buffer, inputs: PropertyMap): { id: string; outputs: PropertyMap } {
  const prefix = typeof inputs["prefix"] === "string" ? inputs["prefix"] : "";
  const hex = bytes.toString("hex");
  return {
    id: bytes.toString("base64url"),
    outputs: {
      ...inputs,
      b64Std: prefix + bytes.toString("base64"),
      b64Url: prefix + bytes.toString("base64url"),
      dec: prefix + BigInt(`0x${hex}`).toString(),
      hex: prefix + hex,
    },
  };
}
