import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineRequest, streamedError } from "../engine/request.js";
import { runCommand } from "../run-command.js";
import { makeDebianTar } from "./debian.js";
import { TRUST_ENVIRONMENT } from "./host-trust.js";
import { FINGERPRINT_LABEL } from "./names.js";
import { writeOverlay } from "./overlay.js";

const IMPORT_SILENCE_MS = 180_000;

/**
 * Makes one replacement from Debian's packages and gives it to the engine.
 *
 * @param {{
 *   image: import("./names.js").BaseImage,
 *   tag?: string,
 *   address: import("../engine/address.js").EngineAddress,
 *   step: import("../progress.js").Step,
 *   trust: string,
 *   fingerprint: string,
 *   sources: readonly string[],
 *   nodeBinary: () => Promise<string>,
 * }} options `tag` is the name it gets, by default the replacement's
 */
export async function makeBaseImage({ image, tag = image.replacement, address, step, trust, fingerprint, sources, nodeBinary }) {
  const work = mkdtempSync(join(tmpdir(), `toolwharf-${image.kind}-`));
  try {
    await stageOverlay({ image, work, trust, nodeBinary });
    await makeDebianTar({ folder: work, packages: image.packages, hooks: image.hooks, onPhase: (phase) => step.at(phase) });
    step.at("importing into the Docker engine");
    await importTar({ address, target: join(work, "root.tar"), tag, changes: changesOf(image, fingerprint, sources) });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {{ image: import("./names.js").BaseImage, work: string, trust: string, nodeBinary: () => Promise<string> }} options */
async function stageOverlay({ image, work, trust, nodeBinary }) {
  const folder = join(work, "overlay");
  await writeOverlay({ kind: image.kind, folder, trust, nodeBinary });
  // Explicit owner and modes: neither this user nor the umask may show in the image.
  const asRoot = ["--owner=0", "--group=0", "--mode=u=rwX,go=rX"];
  await runCommand("tar", ["--create", `--file=${join(work, "overlay.tar")}`, ...asRoot, `--directory=${folder}`, "etc", "usr"]);
}

/**
 * @param {import("./names.js").BaseImage} image
 * @param {string} fingerprint
 * @param {readonly string[]} sources
 */
function changesOf(image, fingerprint, sources) {
  const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  return [
    ...[path, ...image.env, ...TRUST_ENVIRONMENT, ...sources].map((entry) => `ENV ${entry}`),
    `LABEL ${FINGERPRINT_LABEL}=${fingerprint}`,
    `CMD ${JSON.stringify(image.cmd)}`,
  ];
}

/** @param {{ address: import("../engine/address.js").EngineAddress, target: string, tag: string, changes: string[] }} options */
async function importTar({ address, target, tag, changes }) {
  const [repo = "", version = "latest"] = tag.split(":");
  const query = new URLSearchParams({ fromSrc: "-", repo, tag: version });
  for (const change of changes) query.append("changes", change);
  const answer = await engineRequest(address, {
    method: "POST",
    path: `/images/create?${query}`,
    body: createReadStream(target),
    timeoutMs: IMPORT_SILENCE_MS,
  });
  const error = streamedError(answer);
  if (error) throw new Error(`the engine refused the image ${tag}: ${error}`);
}
