import { DEFAULT_GROUP, isToolName } from "../names.ts";
import { ACCESS } from "../runtimes.ts";
import type { Access } from "../runtimes.ts";
import type { SourceTree } from "../source-tree.ts";
import { MANIFEST_NAMES } from "./manifest.ts";

/** What has to be known of a tool that is served already, whatever else its manifest says. */
export interface Essentials {
  group: string;
  access?: Access;
}

/**
 * Reads a manifest that may have problems elsewhere.
 *
 * @returns undefined when one of the two is wrong, or nothing can be read
 */
export async function essentialsOf(tree: SourceTree): Promise<Essentials | undefined> {
  try {
    for (const name of MANIFEST_NAMES) {
      if ((await tree.kindOf(name)) === undefined) continue;
      const { readYaml } = await import("./yaml-source.ts");
      const source = (await tree.kindOf(name)) === "file" ? readYaml(name, await (await tree.file(name)).read()) : { problems: [] };
      if ("problems" in source) return undefined;
      const { group, component, access } = Object(source.value) as Record<string, unknown>;
      const said = group ?? component ?? DEFAULT_GROUP;
      if (typeof said !== "string" || !isToolName(said)) return undefined;
      const known = ACCESS.find((each) => each === access);
      if (access !== undefined && known === undefined) return undefined;
      return { group: said, ...(known !== undefined && { access: known }) };
    }
    return { group: DEFAULT_GROUP };
  } catch {
    return undefined;
  }
}
