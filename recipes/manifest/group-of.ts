import { DEFAULT_GROUP, isToolName } from "../names.ts";
import type { SourceTree } from "../source-tree.ts";
import { MANIFEST_NAMES } from "./manifest.ts";

/**
 * The group that a folder says it is of, even where its manifest has other problems: what it was before is still served
 * under this name.
 *
 * @returns undefined when the manifest cannot be read so far
 */
export async function groupOf(tree: SourceTree): Promise<string | undefined> {
  try {
    for (const name of MANIFEST_NAMES) {
      if ((await tree.kindOf(name)) !== "file") continue;
      const { readYaml } = await import("./yaml-source.ts");
      const source = readYaml(name, await (await tree.file(name)).read());
      if ("problems" in source) return undefined;
      const { group, component } = Object(source.value) as { group?: unknown; component?: unknown };
      const said = group ?? component ?? DEFAULT_GROUP;
      return typeof said === "string" && isToolName(said) ? said : undefined;
    }
    return DEFAULT_GROUP;
  } catch {
    return undefined;
  }
}
