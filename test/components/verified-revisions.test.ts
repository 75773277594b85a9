import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openVerifiedRevisions } from "../../components/verified-revisions.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "toolwharf-verified-"))));
afterEach(() => rmSync(folder, { recursive: true }));
const open = () => openVerifiedRevisions(join(folder, "cache", "verified.json"));

test("a revision is remembered for the next run, by the app's id in any case", () => {
  const first = open();
  first.add("/apps/Weather", "weather--1");
  expect(first.has("/apps/weather", "weather--1")).toBe(true);
  first.save();
  expect(open().has("/apps/weather", "weather--1")).toBe(true);
  expect(open().has("/apps/weather", "weather--2")).toBe(false);
});

test("runs side by side keep what the other one saw", () => {
  const [one, other] = [open(), open()];
  one.add("/apps/one", "one--1");
  other.add("/apps/other", "other--1");
  one.save();
  other.save();
  expect(open().has("/apps/one", "one--1") && open().has("/apps/other", "other--1")).toBe(true);
});

test("of very many apps the ones whose revisions are oldest are forgotten", () => {
  const first = open();
  for (let app = 0; app < 5_000; app += 1) first.add(`/apps/${app}`, "r1");
  first.save();
  const second = open();
  second.add("/apps/0", "r2");
  second.add("/apps/new", "r1");
  second.save();
  expect(open().has("/apps/0", "r2")).toBe(true);
  expect(open().has("/apps/new", "r1")).toBe(true);
  expect(open().has("/apps/1", "r1")).toBe(false);
  expect(open().has("/apps/2", "r1")).toBe(true);
});
