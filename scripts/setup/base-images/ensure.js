import { engineRequest } from "../engine/request.js";
import { isReachable } from "../reachable.js";
import { SetupError } from "../setup-error.js";
import { fingerprintOf, hostTrust } from "./host-trust.js";
import { makeBaseImage } from "./make.js";
import { BASE_IMAGES } from "./names.js";
import { packageSources } from "./package-sources.js";
import { pullBaseImages } from "./pull.js";
import { presentBaseImages, replacementMap, writeBaseImages } from "./state.js";

const HUB = "https://registry-1.docker.io/v2/";

/**
 * Whether base images can be pulled: Docker Hub answers, or the engine has a mirror of it.
 *
 * @param {import("../engine/address.js").EngineAddress | undefined} address of the engine, if one runs already
 */
export async function canPull(address) {
  if (address) {
    const info = JSON.parse(await engineRequest(address, { path: "/info" }));
    if (info.RegistryConfig?.Mirrors?.length > 0) return true;
  }
  return isReachable(HUB);
}

/**
 * Whether the engine has the base images; if so notes which.
 *
 * @param {import("../folders.js").Folders} folders
 * @param {import("../engine/address.js").EngineAddress} address
 */
export async function baseImagesReady(folders, address) {
  const map = await presentBaseImages(address, fingerprintOf(hostTrust()));
  if (map) writeBaseImages(folders.baseImagesFile, map);
  return map !== undefined;
}

/**
 * @param {import("../folders.js").Folders} folders
 * @param {import("../engine/address.js").EngineAddress} address
 * @param {{
 *   pullable: boolean,
 *   progress: ReturnType<typeof import("../progress.js").createProgress>,
 *   nodeBinary: () => Promise<string>,
 *   beforeMaking: () => Promise<void>,
 * }} options `beforeMaking` sees to mmdebstrap
 */
export async function ensureBaseImages(folders, address, { pullable, progress, nodeBinary, beforeMaking }) {
  const step = progress.step("base images");
  const refusal = pullable ? await pullBaseImages(address, step) : "Docker Hub cannot be reached";
  if (!refusal) return writeBaseImages(folders.baseImagesFile, {});
  if (process.arch !== "x64" || process.platform !== "linux") {
    throw new SetupError("NO_BASE_IMAGES", `The base images cannot be pulled (${refusal}), and they can be made from Debian's packages on Linux x64 only, not on ${process.platform} ${process.arch}. Let the engine reach Docker Hub or a mirror of it (registry-mirrors).`);
  }
  step.note(`${refusal}: making them from Debian's packages, about a minute`);
  await beforeMaking();
  const trust = hostTrust();
  const sources = await packageSources({ note: step.note });
  const making = BASE_IMAGES.map(async (image) => {
    const own = progress.step(`base ${image.kind}`);
    own.begin(`making ${image.replacement} in place of ${image.official}`);
    try {
      await makeBaseImage({ image, address, step: own, trust, fingerprint: fingerprintOf(trust), sources, nodeBinary });
      own.end("made");
    } finally {
      own.stop();
    }
  });
  // Wait for both even if one fails, so that no child outlives the set-up.
  const failed = (await Promise.allSettled(making)).find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  writeBaseImages(folders.baseImagesFile, replacementMap());
}
