import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{ name: string, version: string, server: string }} PulumiPackage */

/**
 * The packages of a program that need a provider plugin: those whose package.json says `"pulumi": {"resource": true}`.
 *
 * @param {string} programFolder
 * @returns {PulumiPackage[]}
 */
export function pulumiPackages(programFolder) {
  return manifestsUnder(join(programFolder, "node_modules")).flatMap(({ name = "", version = "", pulumi }) => {
    if (!pulumi?.resource) return [];
    const plugin = pulumi.name || (name.startsWith("@pulumi/") ? name.slice("@pulumi/".length) : "");
    const wanted = pulumi.version || version;
    if (!plugin || !wanted) return [];
    return [{ name: plugin, version: wanted.startsWith("v") ? wanted : `v${wanted}`, server: pulumi.server ?? "" }];
  });
}

/**
 * @param {string} programFolder
 * @param {boolean} transitive false: only those that the program's own package.json names
 * @returns {{ name: string, version: string }[]} sorted by name
 */
export function installedPackages(programFolder, transitive) {
  const { dependencies = {}, devDependencies = {} } = manifestIn(programFolder) ?? {};
  const own = new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
  return manifestsUnder(join(programFolder, "node_modules"))
    .map(({ name = "", version = "" }) => ({ name, version }))
    .filter(({ name }) => name !== "" && (transitive || own.has(name)))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * @typedef {{
 *   name?: string, version?: string,
 *   dependencies?: Record<string, string>, devDependencies?: Record<string, string>,
 *   pulumi?: { resource?: boolean, name?: string, version?: string, server?: string },
 * }} Manifest
 */

/**
 * @param {string} modules a node_modules folder
 * @returns {Manifest[]} of all packages in it and in the node_modules folders of those
 */
function manifestsUnder(modules) {
  const folders = entriesOf(modules).flatMap((entry) => {
    if (entry.startsWith(".")) return [];
    const folder = join(modules, entry);
    return entry.startsWith("@") ? entriesOf(folder).map((scoped) => join(folder, scoped)) : [folder];
  });
  return folders.flatMap((folder) => {
    const manifest = manifestIn(folder);
    return manifest ? [manifest, ...manifestsUnder(join(folder, "node_modules"))] : [];
  });
}

/** @param {string} folder */
function entriesOf(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * @param {string} folder
 * @returns {Manifest | undefined}
 */
function manifestIn(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  } catch {
    return undefined;
  }
}
