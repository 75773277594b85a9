// npm's own reading of version ranges.
import semver from "semver";
import { DEFAULT_NODE, NODE_IMAGES } from "../base-images.ts";
import type { NodeVersion } from "../base-images.ts";
import type { Problem } from "../errors.ts";
import { because } from "../recipe.ts";
import type { Source } from "../source.ts";
import { PACKAGE } from "./package-json.ts";
import type { PackageJson } from "./package-json.ts";

export interface ChosenVersion {
  version: NodeVersion;
  reason: string;
}

const VERSIONS = Object.keys(NODE_IMAGES) as NodeVersion[];
/** As nvm calls the newest long-term version, and the newest. */
const ALIASES: Readonly<Record<string, string>> = { "lts/*": "*", node: "*", lts: "*", latest: "*", "lts/iron": "20", "lts/jod": "22", "lts/krypton": "24" };

/**
 * The version that a tool asks for: .nvmrc, .node-version, Volta, then engines, the first that is there. Of several that
 * fit, the default one, else the newest.
 */
export async function nodeVersion(source: Source, pkg: PackageJson): Promise<ChosenVersion | { problem: Problem }> {
  for (const { file, says, value } of await asked(source, pkg)) {
    const range = semver.validRange(ALIASES[value.toLowerCase()] ?? value);
    // A base image is the newest of its major version, which an exact one stands for.
    const fitting = range === null ? [] : VERSIONS.filter((version) => semver.intersects(`${version}.x`, range));
    const version = fitting.includes(DEFAULT_NODE) ? DEFAULT_NODE : fitting.at(-1);
    if (version) return { version, reason: because(`Node ${version}`, `${file} ${says} ${value}`) };
    const allowed = VERSIONS.join(", ");
    return { problem: { code: "VERSION_UNSUPPORTED", message: `asks for Node ${JSON.stringify(value)}; allowed: ${allowed}`, file, value, allowed } };
  }
  return { version: DEFAULT_NODE, reason: because(`Node ${DEFAULT_NODE}`, "nothing asks for another") };
}

async function asked(source: Source, { engines, volta }: PackageJson): Promise<Array<{ file: string; says: string; value: string }>> {
  const files = await Promise.all([".nvmrc", ".node-version"].filter(source.has).map(async (file) => ({ file, says: "says", value: firstLine(await source.text(file)) })));
  const fields = [["volta.node", volta], ["engines.node", engines]] as const;
  return [...files.filter(({ value }) => value !== ""), ...fields.flatMap(([field, value]) => (value === undefined ? [] : [{ file: PACKAGE, says: `says in ${field}`, value }]))];
}

const firstLine = (text: string): string => text.split("\n").map((line) => line.replace(/#.*/, "").trim()).find(Boolean) ?? "";
