import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { openDaemonLog } from "../../local/daemon-log.ts";

test("lines have the time; a full log is kept once, in place of the one before it", () => {
  const folder = mkdtempSync(join(tmpdir(), "toolwharf-log-"));
  try {
    const file = join(folder, "local", "daemon.log");
    const first = openDaemonLog(file, 200);
    first("one");
    first.close();
    expect(readFileSync(file, "utf8")).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z one\n$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const second = openDaemonLog(file, 200);
    for (let index = 0; index < 20; index += 1) second(`line ${index} of some length`);
    second.close();
    expect(readFileSync(file, "utf8")).toContain("line 19");
    expect(readFileSync(`${file}.1`, "utf8")).not.toContain(" one\n");
    expect(statSync(file).size).toBeLessThanOrEqual(200);
    expect(statSync(`${file}.1`).size).toBeLessThanOrEqual(200);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
