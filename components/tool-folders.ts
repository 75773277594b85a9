import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isToolName, TOOL_NAME_RULE } from "../recipes/names.ts";
import type { SettingsProblems } from "./settings-problems.ts";

/** In a tools folder and no tool: hidden folders, and what programs leave behind. */
const NOT_A_TOOL = /^\.|^__pycache__$|^node_modules$/;

/**
 * Names of the folders that are tools. Reports a missing or empty folder, and every name that cannot be a tool's.
 *
 * @param chosen deploy only these; undefined: every folder
 */
export function findTools(folder: string, chosen: readonly string[] | undefined, problems: SettingsProblems): string[] {
  if (chosen?.length === 0) return [];
  const present = foldersIn(folder, problems);
  if (!present) return [];
  if (!chosen) {
    const wrong = present.filter((name) => !isToolName(name));
    for (const name of wrong) problems.say("toolwharf:toolsFolder", `has a folder ${JSON.stringify(name)}, which is no name for a tool; allowed: ${TOOL_NAME_RULE}`);
    if (present.length === 0) problems.say("toolwharf:toolsFolder", `is ${JSON.stringify(folder)}, which is empty; needed: a folder for each tool in it (${join(folder, "<name>")}/)`);
    return present.filter(isToolName);
  }
  for (const name of new Set(chosen)) {
    if (!present.includes(name)) problems.add("toolwharf:tools", name, present.length > 0 ? `folders in ${folder}/: ${present.join(", ")}` : `none: ${folder}/ is empty`);
    else if (!isToolName(name)) problems.add("toolwharf:tools", name, TOOL_NAME_RULE);
    if (chosen.indexOf(name) !== chosen.lastIndexOf(name)) problems.say("toolwharf:tools", `names ${JSON.stringify(name)} more than once`);
  }
  return [...new Set(chosen)];
}

function foldersIn(folder: string, problems: SettingsProblems): string[] | undefined {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !NOT_A_TOOL.test(name));
    for (const link of entries.filter((entry) => entry.isSymbolicLink())) {
      problems.say("toolwharf:toolsFolder", `has a symbolic link ${JSON.stringify(link.name)}: put the folder itself there`);
    }
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    problems.say("toolwharf:toolsFolder", `is ${JSON.stringify(folder)}, which ${missing ? "is not there" : "is not a readable folder"}; needed: a folder with a folder for each tool in it`);
    return undefined;
  }
}
