/**
 * `npm run bench`: what a deployment costs beside the raw commands on the same context, on a scratch project with a
 * miniature of its own. Pairs are taken in one run and interleaved, because the machine is noisy; medians are printed
 * with their range and, for the unchanged `up`, the bound it is held to. Then sizes and build times of images beside
 * Dockerfiles written by hand.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ScratchProject } from "../test/support/scratch-project.ts";
import { compareImages } from "./images.ts";
import { deployRaw } from "./raw-deployment.ts";

const UNCHANGED_BOUND_SECONDS = 2.5;
const UNCHANGED_RUNS = 11;
const EDIT_PAIRS = 5;

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const summary = (values: number[]) => `median ${median(values).toFixed(2)} s (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}, n=${values.length})`;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

const project = new ScratchProject(["fastapi-echo", "flask-echo", "node-echo"]);
const rawFolder = mkdtempSync(join(tmpdir(), "toolwharf-bench-"));
try {
  const first = await timed(() => project.must(["up", "--yes"]));
  console.log(`first up of three tools, image layers cached: ${first.toFixed(2)} s`);

  const unchanged: number[] = [];
  for (let run = 0; run < UNCHANGED_RUNS; run += 1) unchanged.push(await timed(() => project.must(["up", "--yes"])));
  console.log(`up of the unchanged stack, 3 tools: ${summary(unchanged)}; bound ${UNCHANGED_BOUND_SECONDS} s: ${median(unchanged) <= UNCHANGED_BOUND_SECONDS ? "held" : "MISSED"}`);

  const folder = join(project.folder, "tools", "flask-echo");
  const stagedContext = join(project.folder, ".toolwharf", "contexts", "flask-echo");
  const official = "python:3.11-slim-bookworm";
  const baseImage = (JSON.parse(project.read(".toolwharf/base-images.json")) as Record<string, string>)[official] ?? official;
  const ours: number[] = [];
  const raw: number[] = [];
  for (let pair = 0; pair < EDIT_PAIRS; pair += 1) {
    const line = `# edit ${pair} of ${Date.now()}\n`;
    project.write("tools/flask-echo/app.py", project.read("tools/flask-echo/app.py") + line);
    ours.push(await timed(() => project.must(["up", "--yes"])));
    project.write("tools/flask-echo/app.py", `${project.read("tools/flask-echo/app.py")}# raw${line}`);
    raw.push(await timed(() => deployRaw({ folder, stagedContext, scratch: rawFolder, baseImage })));
  }
  console.log(`one-line edit to ready, toolwharf up: ${summary(ours)}`);
  console.log(`one-line edit to ready, raw build and run: ${summary(raw)}`);
  console.log(`over raw: ${(median(ours.map((each, index) => each - raw[index]!))).toFixed(2)} s median of pairs`);
} finally {
  await project.dispose();
  rmSync(rawFolder, { recursive: true, force: true });
}

await compareImages();
