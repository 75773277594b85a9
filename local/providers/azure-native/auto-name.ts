import { createHash, randomBytes } from "node:crypto";
import type { AutoNaming } from "../grpc/provider.ts";
import type { PropertyMap } from "../grpc/property-values.ts";
import type { AutoName } from "./schema.ts";

/** An input that no program sees: the name is random, so a replacement may be created beside the old resource. */
export const CREATE_BEFORE_DELETE = "__createBeforeDelete";

export interface ChosenName {
  value: string;
  random: boolean;
}

/**
 * The name of a resource that the program leaves unnamed: the old one, else what the engine proposes, else
 * `<logical name><8 hex digits>` without a separator or any regard to the service's limits, as azure-native does.
 * @returns undefined when the engine's settings forbid automatic names.
 */
export function autoName(
  kind: AutoName,
  parameter: string,
  request: { urn: string; name: string; olds: PropertyMap | undefined; randomSeed: Uint8Array; autoNaming: AutoNaming | undefined },
): ChosenName | undefined {
  const old = request.olds?.[parameter];
  if (typeof old === "string") return { value: old, random: request.olds?.[CREATE_BEFORE_DELETE] === true };
  const { autoNaming } = request;
  if (autoNaming?.mode === "disable") return undefined;
  if (autoNaming?.mode === "enforce" || (autoNaming?.mode === "propose" && kind === "random")) {
    return { value: autoNaming.proposedName, random: true };
  }
  const digits = hexDigits(request.randomSeed, request.urn);
  if (kind === "random") return { value: request.name + digits.slice(0, 8), random: true };
  const uuid = digits.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return { value: uuid, random: true };
}

/** The same seed and resource give the same digits: an update uses the name that its plan showed. */
function hexDigits(seed: Uint8Array, urn: string): string {
  if (seed.length === 0) return randomBytes(32).toString("hex");
  return createHash("sha256").update(seed).update(urn).digest("hex");
}
