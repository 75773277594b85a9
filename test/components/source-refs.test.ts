import { expect, test } from "@jest/globals";
import { SettingValues } from "../../components/setting-values.ts";
import { SettingsProblems } from "../../components/settings-problems.ts";
import { readSourceRefs } from "../../components/source-refs.ts";
import { mockEngine } from "./mocks.ts";

function read(refs: unknown) {
  const problems = new SettingsProblems();
  const found = readSourceRefs(new SettingValues({ refs }, "toolwharf:", problems), problems);
  problems.throwIfAny();
  return found;
}

test("where the code comes from is read", () => {
  expect(read({ commit: "0123abcdef", branch: "feature/x", defaultBranch: "master", pullRequest: "12", versions: ["v1.2.3"] })).toEqual({
    commit: "0123abcdef",
    branch: "feature/x",
    defaultBranch: "master",
    pullRequest: 12,
    versions: ["v1.2.3"],
  });
  expect(read(undefined)).toEqual({});
});

test.each([
  [{ commit: "main" }, 'toolwharf:refs.commit is "main"; allowed: 7 to 64 hexadecimal digits'],
  [{ branch: "a b" }, 'toolwharf:refs.branch is "a b"; allowed: the name of a branch'],
  [{ pullRequest: 0 }, "toolwharf:refs.pullRequest is 0; allowed: whole numbers from 1"],
  [{ tag: "v1" }, "toolwharf:refs.tag is not a setting; known: commit, branch"],
  [["main"], "toolwharf:refs is"],
])("%j is refused", async (refs, problem) => {
  await mockEngine();
  expect(() => read(refs)).toThrow(problem);
});
