import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openDocumentStore } from "../../local/document-store-files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "documents-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));

test("what was written is there in another process", () => {
  const store = openDocumentStore(folder);
  store.put("arm/subscriptions/s/resourceGroups/rg", { name: "rg" });
  store.put("arm/subscriptions/s/resourceGroups/rg", { name: "rg", tags: { a: "b" } });
  store.put("operations/1", [1]);
  store.put("operations/2", null);
  store.delete("operations/1");

  const reopened = openDocumentStore(folder);
  expect(reopened.get("arm/subscriptions/s/resourceGroups/rg")).toEqual({ name: "rg", tags: { a: "b" } });
  expect(reopened.list("operations/")).toEqual([{ key: "operations/2", value: null }]);
});

test("keys are compared without case", () => {
  const store = openDocumentStore(folder);
  store.put("arm/Subscriptions/S", 1);
  expect(store.get("ARM/subscriptions/s")).toBe(1);
  store.delete("arm/SUBSCRIPTIONS/s");
  expect(openDocumentStore(folder).get("arm/subscriptions/s")).toBeUndefined();
});

test("values are copied in and out", () => {
  const store = openDocumentStore(folder);
  const value = { tags: { a: "b" } };
  store.put("key", value);
  value.tags.a = "changed";
  store.get<typeof value>("key")!.tags.a = "changed too";
  expect(store.get("key")).toEqual({ tags: { a: "b" } });
});

test("a list holds the keys with the prefix, sorted, whatever the order of writing", () => {
  const store = openDocumentStore(folder);
  for (const key of ["b/2", "a/1", "b/10", "b", "b/1", "c/1"]) store.put(key, key);
  store.delete("b/2");
  expect(store.list("b/").map(({ key }) => key)).toEqual(["b/1", "b/10"]);
  expect(store.list("").map(({ key }) => key)).toEqual(["a/1", "b", "b/1", "b/10", "c/1"]);
  expect(store.list("d")).toEqual([]);
});

test("each document is a file of its own that only the owner reads", () => {
  const store = openDocumentStore(folder);
  store.put(`arm/${"very-long/".repeat(60)}name with spaces & more`, 1);
  store.put("arm/a.b", 2);
  store.put("arm/a_b", 3);
  expect(files()).toHaveLength(3);
  for (const file of files()) expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(openDocumentStore(folder).list("arm/")).toHaveLength(3);
});

test("an unchanged document is not written again", () => {
  const store = openDocumentStore(folder);
  store.put("key", { a: 1 });
  const before = statSync(files()[0]!).ino;
  store.put("key", { a: 1 });
  expect(statSync(files()[0]!).ino).toBe(before);
});

describe("after a crash", () => {
  test("a half-written file is no document, and is removed", () => {
    const store = openDocumentStore(folder);
    store.put("key", "whole");
    const [file] = files();
    writeFileSync(`${file}.0a1b2c3d.tmp`, '{"key":"key","val');
    expect(openDocumentStore(folder).get("key")).toBe("whole");
    expect(files()).toEqual([file]);
  });

  test("a file that something else broke is named, with a remedy", () => {
    openDocumentStore(folder).put("key", "whole");
    const [file] = files();
    writeFileSync(file!, readFileSync(file!, "utf8").slice(0, 10));
    expect(() => openDocumentStore(folder)).toThrow(new RegExp(`${file}.*toolwharf local down`));
  });
});

test("a value that is no JSON is refused before anything is written", () => {
  const store = openDocumentStore(folder);
  expect(() => store.put("key", undefined)).toThrow(/must be a JSON value: key/);
  expect(files()).toEqual([]);
});
