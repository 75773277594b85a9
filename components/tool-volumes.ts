import type { SettingValues } from "./setting-values.ts";

/** A storage of the platform, and where a tool sees it. */
export interface ToolVolume {
  /** Its name among `storages`. */
  storage: string;
  /** Absolute path in the container. */
  mountPath: string;
}

const WORDS = 'a list of {storage, mountPath}, such as [{"storage": "data", "mountPath": "/data"}]';
/** What Azure refuses, and what Kubernetes does below it: relative paths, the root itself, `:` and `..`. */
const MOUNT_PATH = /^(?!.*\/\.\.(\/|$))(\/[^/:\0]+)+$/;

/** @param storages names that the platform has; undefined where only another stack knows them */
export function readVolumes(values: SettingValues, fallback: readonly ToolVolume[], storages: readonly string[] | undefined): readonly ToolVolume[] {
  const given = values.raw("volumes");
  if (given === undefined) return fallback;
  if (!Array.isArray(given) || !given.every(isVolume)) {
    values.wrong("volumes", given, WORDS);
    return fallback;
  }
  const paths = new Set<string>();
  for (const [index, { storage, mountPath }] of given.entries()) {
    const at = `volumes[${index}]`;
    if (storages && !storages.includes(storage)) values.wrong(`${at}.storage`, storage, `a storage of the platform (toolwharf:storages): ${storages.join(", ") || "none is set"}`);
    if (!MOUNT_PATH.test(mountPath)) values.wrong(`${at}.mountPath`, mountPath, "an absolute path below /, without a slash at its end, : or ..");
    if (paths.has(mountPath)) values.wrong(`${at}.mountPath`, mountPath, "a path that no other volume of the tool has");
    paths.add(mountPath);
  }
  return given.map(({ storage, mountPath }) => ({ storage, mountPath }));
}

function isVolume(value: unknown): value is ToolVolume {
  if (typeof value !== "object" || value === null) return false;
  const { storage, mountPath, ...more } = value as Record<string, unknown>;
  return typeof storage === "string" && typeof mountPath === "string" && Object.keys(more).length === 0;
}
