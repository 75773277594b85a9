import { isMap, reveal, sameValue } from "../grpc/property-values.ts";
import type { Diff, DiffKind } from "../grpc/provider.ts";
import type { PropertyMap, PropertyValue } from "../grpc/property-values.ts";

/**
 * Inputs against the inputs of the last build, by top-level property, never a replacement. Tokens change all the time:
 * a new user name or password is no change, a new server is.
 */
export function diffImage(oldInputs: PropertyMap, newInputs: PropertyMap): Diff {
  const olds = reveal(oldInputs);
  const news = reveal(newInputs);
  const detailed: Record<string, DiffKind> = {};
  for (const name of new Set([...Object.keys(olds), ...Object.keys(news)])) {
    const [before, after] = [olds[name], news[name]];
    if (sameValue(before, after)) continue;
    if (before === undefined) detailed[name] = "add";
    else if (after === undefined) detailed[name] = "delete";
    else if (name !== "registry" || serverChanged(before, after)) detailed[name] = "update";
  }
  return { changes: Object.keys(detailed).length > 0 ? "some" : "none", detailed, deleteBeforeReplace: false };
}

function serverChanged(before: PropertyValue, after: PropertyValue): boolean {
  if (!isMap(before) || !isMap(after)) return true;
  // A server that is added or removed is no update of it, so the provider overlooks it.
  return before["server"] !== undefined && after["server"] !== undefined && !sameValue(before["server"], after["server"]);
}
