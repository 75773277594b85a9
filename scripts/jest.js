// node scripts/jest.js [unit|contract|integration ...] [path ...]: runs the named tiers (default: unit), one after another.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const TIERS = ["unit", "contract", "integration"];
/** Contract and integration tests share one machine's engine and ports, so they run one file at a time, and what they ask of an engine that is busy takes its time. */
const TIER_OPTIONS = { unit: [], contract: ["--runInBand", "--testTimeout=30000"], integration: ["--runInBand", "--testTimeout=300000"] };

const jest = join(dirname(createRequire(import.meta.url).resolve("jest/package.json")), "bin", "jest.js");
const named = process.argv.slice(2).filter((word) => TIERS.includes(word));
const rest = process.argv.slice(2).filter((word) => !TIERS.includes(word));

let failed = false;
for (const tier of named.length > 0 ? named : ["unit"]) {
  const { status } = spawnSync(
    process.execPath,
    // The tier comes last: jest would take a path after --selectProjects for another project.
    ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning", jest, ...TIER_OPTIONS[tier], ...rest, "--selectProjects", tier],
    { stdio: "inherit", cwd: new URL("..", import.meta.url) },
  );
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
