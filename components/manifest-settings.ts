import { RecipeError } from "../recipes/errors.ts";
import type { Problem } from "../recipes/errors.ts";
import type { Manifest, ManifestFields } from "../recipes/manifest/manifest.ts";
import type { ToolSettings } from "./tool-settings.ts";

/** What a manifest says of a tool's settings. */
export function manifestSettings(fields: ManifestFields): Partial<ToolSettings> {
  const { size, minReplicas, maxReplicas, concurrentRequests, port, healthPath, startupSeconds, access, allowedIps, volumes } = fields;
  const said = { ...size, minReplicas, maxReplicas, concurrentRequests, targetPort: port, healthPath, startupSeconds, access, allowedIps, volumes: volumes.length > 0 ? volumes : undefined };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

/**
 * One tool's settings: those for all tools, over them its manifest, over them what is set for this tool with the stack.
 *
 * @throws RecipeError when what comes from two places does not go together
 */
export function mergeSettings(common: ToolSettings, manifest: Manifest, own: Partial<ToolSettings>): ToolSettings {
  const settings = { ...common, ...manifestSettings(manifest.fields), ...own };
  // A bound that only one place sets moves the other where nobody asked for the other.
  if (settings.minReplicas > settings.maxReplicas) {
    if (own.maxReplicas === undefined && manifest.fields.maxReplicas === undefined) settings.maxReplicas = settings.minReplicas;
    else if (own.minReplicas === undefined && manifest.fields.minReplicas === undefined) settings.minReplicas = settings.maxReplicas;
  }
  const problems: Problem[] = [];
  const say = (path: string[], reason: string): void => void problems.push(manifest.problem(path, "MANIFEST_INVALID", reason));
  if (settings.minReplicas > settings.maxReplicas) say(["scale"], `and toolSettings give minReplicas ${settings.minReplicas} and maxReplicas ${settings.maxReplicas}; allowed: minReplicas of at most maxReplicas`);
  if (settings.access === "ip-list" && settings.allowedIps.length === 0) say(["access"], "and toolSettings give access ip-list and no allowedIps; allowed: at least one address or range");
  if (problems.length > 0) throw new RecipeError(problems);
  return settings;
}
