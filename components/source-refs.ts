import type { SourceRefs } from "../recipes/image-tags.ts";
import { SettingValues } from "./setting-values.ts";
import type { SettingsProblems } from "./settings-problems.ts";

const COMMIT = { rule: /^[0-9a-f]{7,64}$/, words: "7 to 64 hexadecimal digits" };
const BRANCH = { rule: /^[^\s~^:?*[\\\u0000-\u001f]{1,250}$/, words: "the name of a branch" };

/** The setting `refs`: where the code of this run comes from. */
export function readSourceRefs(values: SettingValues, problems: SettingsProblems): SourceRefs {
  const given = values.object("refs", "an object with commit, branch, defaultBranch, pullRequest, versions");
  const refs = new SettingValues(given, "toolwharf:refs.", problems);
  refs.only(["commit", "branch", "defaultBranch", "pullRequest", "versions"]);
  const [commit, branch, defaultBranch] = [refs.text("commit", "", COMMIT), refs.text("branch", "", BRANCH), refs.text("defaultBranch", "", BRANCH)];
  const pullRequest = refs.integer("pullRequest", [1, 1_000_000_000], 0);
  const versions = refs.texts("versions");
  return {
    ...(commit !== "" && { commit }),
    ...(branch !== "" && { branch }),
    ...(defaultBranch !== "" && { defaultBranch }),
    ...(pullRequest !== 0 && { pullRequest }),
    ...(versions && { versions }),
  };
}
