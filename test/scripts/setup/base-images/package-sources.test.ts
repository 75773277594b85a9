import { expect, test } from "@jest/globals";
import { hasCredential, packageSources } from "../../../../scripts/setup/base-images/package-sources.js";

test.each([
  ["https://pypi.internal/simple", false],
  ["https://token@pypi.internal/simple", true],
  ["https://user:secret@pypi.internal/simple", true],
  ["https://pypi.internal/simple https://user:secret@other.internal/simple", true],
  ["https://pypi.internal/@scope", false],
])("%s holds a credential: %s", (url, expected) => {
  expect(hasCredential(url)).toBe(expected);
});

test("an index with a credential never reaches the images, and its absence is said without showing it", async () => {
  const notes: string[] = [];
  const env = { PIP_INDEX_URL: "https://user:s3cret@pypi.internal/simple", PIP_EXTRA_INDEX_URL: "https://pypi.internal/extra" };
  const sources = await packageSources({ env, note: (text: string) => notes.push(text) });
  expect(sources).toContain("PIP_EXTRA_INDEX_URL=https://pypi.internal/extra");
  expect(sources.join()).not.toContain("s3cret");
  expect(notes.join()).toMatch(/PIP_INDEX_URL of this machine holds a credential/);
  expect(notes.join()).not.toContain("s3cret");
});
