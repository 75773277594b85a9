import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { openProject } from "../../automation/project.ts";
import { pruneState } from "../../automation/prune-state.ts";

test("of each stack the ten newest backups and updates stay, with their side files; other files stay", () => {
  const folder = mkdtempSync(join(tmpdir(), "toolwharf-prune-"));
  try {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: wharf\n");
    const project = openProject(folder);
    const state = (kind: string, stack: string) => join(project.state, ".pulumi", kind, "wharf", stack);
    const moment = (index: number) => String(1_700_000_000_000_000_000n + BigInt(index));
    for (const stack of ["local", "local.flask-echo"]) {
      for (const kind of ["backups", "history"]) mkdirSync(state(kind, stack), { recursive: true });
      for (let index = 0; index < (stack === "local" ? 25 : 3); index += 1) {
        writeFileSync(join(state("backups", stack), `${stack}.${moment(index)}.json`), "");
        writeFileSync(join(state("backups", stack), `${stack}.${moment(index)}.json.attrs`), "");
        for (const part of ["history", "checkpoint"]) writeFileSync(join(state("history", stack), `${stack}-${moment(index)}.${part}.json`), "");
      }
    }
    writeFileSync(join(state("history", "local"), "README"), "");

    pruneState(project);

    const kept = readdirSync(state("history", "local"));
    expect(kept.filter((name) => name.endsWith(".history.json"))).toEqual(Array.from({ length: 10 }, (_, index) => `local-${moment(15 + index)}.history.json`));
    expect(kept).toHaveLength(21);
    expect(readdirSync(state("backups", "local"))).toHaveLength(20);
    expect(readdirSync(state("history", "local.flask-echo"))).toHaveLength(6);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
