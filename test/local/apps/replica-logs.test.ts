import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { replicaLogs } from "../../../local/apps/replica-logs.ts";

const folder = mkdtempSync(join(tmpdir(), "toolwharf-logs-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("what was written is read again", () => {
  const logs = replicaLogs(join(folder, "logs"));
  logs.append("/app", "echo--a", "echo--a-1", "one");
  expect(logs.read("/app", "echo--a", "echo--a-1")).toBe("one\n");
});

test.each([
  ["../..", "secret"],
  ["echo--a", "../../../secret"],
  ["..", "x"],
  ["echo--a", "a\0b"],
])("no name leads out of the folder: %j, %j", (revision, replica) => {
  writeFileSync(join(folder, "secret.log"), "secret");
  const logs = replicaLogs(join(folder, "logs"));
  const refused = /is no name of a revision or replica/;
  expect(() => logs.read("/app", revision, replica)).toThrow(refused);
  expect(() => logs.append("/app", revision, replica, "x")).toThrow(refused);
  if (revision !== "echo--a") expect(() => logs.removeRevision("/app", revision)).toThrow(refused);
});
