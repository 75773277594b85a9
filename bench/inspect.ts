/**
 * `npm run bench:inspect`: how long `toolwharf inspect` takes on a folder with 50,000 files in node_modules, from the
 * start of the command to its end. Median of eleven runs after a first one, against the bound it is held to.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BOUND_SECONDS = 1;
const PACKAGES = 500;
const FILES_EACH = 100;
const RUNS = 11;
const COMMAND = fileURLToPath(new URL("../bin/toolwharf", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "toolwharf-bench-"));
try {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "many", main: "server.js" }));
  writeFileSync(join(folder, "server.js"), "");
  writeFileSync(join(folder, "tool.yaml"), "name: many\n");
  for (let at = 0; at < PACKAGES; at++) {
    const inside = join(folder, "node_modules", `package-${at}`);
    mkdirSync(inside, { recursive: true });
    for (let file = 0; file < FILES_EACH; file++) writeFileSync(join(inside, `${file}.js`), "");
  }
  const seconds: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const began = performance.now();
    execFileSync(process.execPath, [COMMAND, "inspect", folder, "--json"]);
    seconds.push((performance.now() - began) / 1000);
  }
  const [first, ...rest] = seconds;
  const sorted = rest.toSorted((left, right) => left - right);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  console.log(`inspect beside ${PACKAGES * FILES_EACH} files in node_modules: median ${median.toFixed(2)} s (${sorted[0]!.toFixed(2)} to ${sorted.at(-1)!.toFixed(2)}, n=${RUNS}; first ${first!.toFixed(2)}); bound ${BOUND_SECONDS} s: ${median <= BOUND_SECONDS ? "held" : "MISSED"}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
