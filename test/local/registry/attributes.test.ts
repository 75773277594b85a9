import { describe, expect, test } from "@jest/globals";
import { openAttributes } from "../../../local/registry/attributes.ts";
import type { Content } from "../../../local/registry/content.ts";
import { openLocks } from "../../../local/registry/locks.ts";
import { memoryStore } from "../support/memory-store.ts";

const PREFIX = "registries/r";
const DIGEST = "sha256:aa";
const stored = (name: string, digest = DIGEST) => ({ name, digest, createdAt: new Date(0), updatedAt: new Date(0) });

function world(tags: string[] = ["v1", "V1"], manifests: string[] = [DIGEST]) {
  const store = memoryStore();
  const attributes = openAttributes(store, PREFIX);
  const content = {
    tags: async () => tags.map((tag) => stored(tag)),
    manifests: async () => manifests.map((digest) => stored(digest, digest)),
  } as unknown as Content;
  return { store, attributes, content, locks: openLocks(attributes, content) };
}

describe("attributes", () => {
  test("are all true at first, and kept only where they are not", () => {
    const { store, attributes } = world();
    expect(attributes.of({ repository: "a" })).toEqual({ deleteEnabled: true, writeEnabled: true, readEnabled: true, listEnabled: true });
    expect(attributes.change({ repository: "a", reference: "v1" }, { writeEnabled: false })).toMatchObject({ writeEnabled: false, deleteEnabled: true });
    attributes.change({ repository: "a" }, { listEnabled: false });
    attributes.change({ repository: "a" }, { listEnabled: true });
    expect(store.list(`${PREFIX}/`)).toEqual([{ key: `${PREFIX}/attributes/a`, value: { byReference: { v1: { writeEnabled: false } } } }]);
    attributes.change({ repository: "a", reference: "v1" }, { writeEnabled: true });
    expect(store.list(`${PREFIX}/`)).toEqual([]);
  });

  test("of tags that differ by case only are not mixed up, nor are names every object has", () => {
    const { attributes } = world();
    attributes.change({ repository: "a", reference: "V1" }, { writeEnabled: false });
    expect(attributes.of({ repository: "a", reference: "v1" }).writeEnabled).toBe(true);
    expect(attributes.of({ repository: "a", reference: "constructor" }).writeEnabled).toBe(true);
  });

  test("of what has gone are forgotten, the others are not", async () => {
    const { attributes, content } = world(["v1"]);
    for (const reference of ["v1", "gone", DIGEST, "sha256:bb"]) attributes.change({ repository: "a", reference }, { readEnabled: false });
    attributes.change({ repository: "a" }, { readEnabled: false });
    await attributes.prune("a", content);
    expect(["v1", "gone", DIGEST, "sha256:bb"].filter((reference) => !attributes.of({ repository: "a", reference }).readEnabled)).toEqual(["v1", DIGEST]);
    expect(attributes.of({ repository: "a" }).readEnabled).toBe(false);
    await attributes.prune("a", world([], []).content);
    expect(attributes.any("a")).toBe(false);
  });
});

describe("locks", () => {
  const TAG = { repository: "a", reference: "v1" };
  const MANIFEST = { repository: "a", reference: DIGEST };
  const REPOSITORY = { repository: "a" };
  test.each([
    ["nothing", undefined, {}, "delete", REPOSITORY, true],
    ["a repository's writing", REPOSITORY, { writeEnabled: false }, "write", TAG, false],
    ["a repository's writing", REPOSITORY, { writeEnabled: false }, "delete", MANIFEST, false],
    ["a repository's writing", REPOSITORY, { writeEnabled: false }, "read", TAG, true],
    ["a repository's deletion", REPOSITORY, { deleteEnabled: false }, "write", TAG, true],
    ["a repository's deletion", REPOSITORY, { deleteEnabled: false }, "delete", TAG, false],
    ["a tag's writing", TAG, { writeEnabled: false }, "write", { repository: "a", reference: "v2" }, true],
    ["a tag's writing", TAG, { writeEnabled: false }, "delete", MANIFEST, false],
    ["a tag's writing", TAG, { writeEnabled: false }, "delete", REPOSITORY, false],
    ["a tag's deletion", TAG, { deleteEnabled: false }, "delete", TAG, false],
    ["a tag's deletion", TAG, { deleteEnabled: false }, "write", TAG, true],
    ["a manifest's writing", MANIFEST, { writeEnabled: false }, "write", TAG, true],
    ["a manifest's deletion", MANIFEST, { deleteEnabled: false }, "delete", REPOSITORY, false],
    ["a manifest's reading", MANIFEST, { readEnabled: false }, "read", TAG, false],
    ["a tag's listing", TAG, { listEnabled: false }, "read", TAG, true],
  ] as const)("%s locked by %j %j: %s of %j is %s", async (_, subject, change, deed, touched, permitted) => {
    const { attributes, locks } = world();
    if (subject) attributes.change(subject, change);
    expect(await locks.permit(deed, touched)).toBe(permitted);
  });

  test("an upload's cancellation is no deletion", async () => {
    const { attributes, locks } = world();
    attributes.change(REPOSITORY, { deleteEnabled: false });
    expect(await locks.admit("DELETE", { kind: "upload", url: "", repository: "a", needs: [] })).toBe(true);
    expect(await locks.admit("DELETE", { kind: "other", url: "", repository: "a", needs: [] })).toBe(false);
  });
});
