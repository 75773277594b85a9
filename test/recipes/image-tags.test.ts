import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { imageTags } from "../../recipes/image-tags.ts";
import type { SourceRefs } from "../../recipes/image-tags.ts";

test.each<[SourceRefs, string[]]>([
  [{}, []],
  [{ commit: "0123456789abcdef0123456789abcdef01234567" }, ["sha-0123456789ab"]],
  [{ branch: "main" }, ["latest"]],
  [{ branch: "master" }, ["dev-master"]],
  [{ branch: "master", defaultBranch: "master" }, ["latest"]],
  [{ branch: "feature/Add rain" }, ["dev-feature-Add-rain"]],
  [{ branch: "feature/x", pullRequest: 12 }, ["pr-12"]],
  [{ branch: "main", pullRequest: 12 }, ["pr-12"]],
  [{ versions: ["v1.2.3"] }, ["1.2.3", "1.2", "1", "latest"]],
  [{ versions: ["1.2.3"], branch: "main", commit: "abcdef0" }, ["1.2.3", "1.2", "1", "latest", "sha-abcdef0"]],
  [{ versions: ["v0.3.1"] }, ["0.3.1", "0.3", "latest"]],
  [{ versions: ["v2.0.0-rc.1"] }, ["2.0.0-rc.1"]],
  [{ versions: ["v1.2.3+build.5"] }, ["1.2.3", "1.2", "1", "latest"]],
  [{ versions: ["nightly", "v1", "01.2.3"] }, []],
])("%j: %j", (refs, tags) => {
  expect(imageTags(refs)).toEqual(tags);
});

test("whatever a branch is called, its tag is one that registries take", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: "binary" }), fc.stringMatching(/^[0-9A-Za-z.-]{1,200}$/), (branch, prerelease) => {
      for (const tag of imageTags({ branch, versions: [`1.2.3-${prerelease}`] })) expect(tag).toMatch(/^\w[\w.-]{0,127}$/);
    }),
  );
});
