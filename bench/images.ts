/**
 * `npm run bench:images`, and part of `npm run bench`: sizes and build times of generated images of three tools beside
 * Dockerfiles that somebody wrote by hand for the same tools, `bench/by-hand/`. Builds are in pairs with no layer from
 * a cache and packages from the builder's; sizes are of whole images, against the bound they are held to.
 */
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Docker from "dockerode";
import { stageContext } from "../components/staged-context.ts";
import { filesHash } from "../recipes/content-hash.ts";
import { detectRecipe } from "../recipes/detection.ts";
import { folderTree } from "../recipes/folder-tree.ts";
import type { SourceFile } from "../recipes/source-tree.ts";
import { readSource } from "../recipes/source.ts";
import { BASE_IMAGES } from "../scripts/setup/base-images/names.js";

const SIZE_BOUND = 1.05;
const PAIRS = 3;
const TOOLS = ["flask-echo", "fastapi-echo", "node-echo"];
const CHECKOUT = fileURLToPath(new URL("..", import.meta.url));

const docker = new Docker();
const median = (values: number[]) => values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!;

/** Builds without layers of earlier builds. @returns seconds */
async function build(context: string, dockerfile: string, tag: string, buildargs: Record<string, string>): Promise<number> {
  const began = performance.now();
  const stream = await docker.buildImage({ context, src: readdirSync(context) }, { t: tag, version: "2", nocache: true, dockerfile, buildargs });
  await new Promise<void>((resolve, reject) =>
    docker.modem.followProgress(stream, (error, lines: Array<{ error?: string }>) => {
      const failed = error ?? lines.find((line) => line.error)?.error;
      if (failed) reject(failed instanceof Error ? failed : new Error(failed));
      else resolve();
    }),
  );
  return (performance.now() - began) / 1000;
}

export async function compareImages(): Promise<void> {
  const present = new Set((await docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []));
  const baseImages = Object.fromEntries(BASE_IMAGES.filter(({ replacement }) => present.has(replacement)).map(({ official, replacement }) => [official, replacement]));
  const home = mkdtempSync(join(tmpdir(), "toolwharf-bench-"));
  const tags: string[] = [];
  try {
    for (const name of TOOLS) {
      const source = await readSource(folderTree(join(CHECKOUT, "tools", name)));
      const recipe = await detectRecipe(source, { baseImages });
      const digest = async (file: SourceFile) => createHash("sha256").update(await file.read()).digest("hex");
      const staged = await stageContext({ home, name, files: source.files, digest, filesHash: await filesHash(source.files, digest), recipe });
      const byHand = join(home, `${name}-by-hand`);
      cpSync(join(CHECKOUT, "tools", name), byHand, { recursive: true });
      cpSync(join(CHECKOUT, "bench/by-hand", `${name}.Dockerfile`), join(byHand, "Dockerfile"));
      const [ours, theirs] = [`toolwharf-bench/${name}:generated`, `toolwharf-bench/${name}:by-hand`];
      tags.push(ours, theirs);
      const seconds = { ours: [] as number[], theirs: [] as number[] };
      for (let pair = 0; pair < PAIRS; pair += 1) {
        seconds.ours.push(await build(staged.context, "Dockerfile", ours, recipe.build.args));
        seconds.theirs.push(await build(byHand, "Dockerfile", theirs, { BASE_IMAGE: recipe.build.args.BASE_IMAGE! }));
      }
      const sizes = await Promise.all([ours, theirs, recipe.build.args.BASE_IMAGE!].map(async (tag) => (await docker.getImage(tag).inspect()).Size / 1e6));
      const [own, hand, base] = sizes as [number, number, number];
      const ratio = own / hand;
      console.log(`${name}: image ${own.toFixed(1)} MB generated, ${hand.toFixed(1)} MB by hand (${base.toFixed(1)} MB of each its base): ${ratio.toFixed(3)}; bound ${SIZE_BOUND}: ${ratio <= SIZE_BOUND ? "held" : "MISSED"}`);
      console.log(`${name}: build ${median(seconds.ours).toFixed(1)} s generated, ${median(seconds.theirs).toFixed(1)} s by hand, median of ${PAIRS}`);
    }
  } finally {
    for (const tag of tags) await docker.getImage(tag).remove({ force: true }).catch(() => undefined);
    rmSync(home, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await compareImages();
