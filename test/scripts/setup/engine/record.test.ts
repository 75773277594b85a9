import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { processOf } from "../../../../scripts/setup/engine/process-identity.js";
import { readRecord, writeRecord } from "../../../../scripts/setup/engine/record.js";
import { stopStartedEngine } from "../../../../scripts/setup/engine/stop.js";

const folder = mkdtempSync(join(tmpdir(), "toolwharf-engine-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the record of a started engine", () => {
  test("holds while that very process runs", () => {
    const startTime = processOf(process.pid)?.startTime ?? "";
    writeRecord(folder, { pid: process.pid, startTime, log: "x" });
    expect(readRecord(folder)).toEqual({ pid: process.pid, startTime, log: "x" });
  });

  test("does not name another process that was given the same id: that one is never stopped", async () => {
    writeRecord(folder, { pid: process.pid, startTime: "1", log: "x" });
    expect(readRecord(folder)).toBeUndefined();
    await expect(stopStartedEngine(folder)).resolves.toBe("none");
  });
});
