import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type Docker from "dockerode";
import tar from "tar-fs";

const REPOSITORY = "toolwharf-gateway";
const RELAY = fileURLToPath(new URL("relay.ts", import.meta.url));

/** Starts the relay; the heap is limited because nothing is kept. */
export const RELAY_COMMAND = ["/node", "--max-old-space-size=32", "--disable-warning=ExperimentalWarning", "/relay.ts"];

/**
 * The image of the gateway, `toolwharf-gateway:<hash of its content>`: this very Node, the libraries that it has loaded and the relay,
 * so nothing is downloaded or built. Made when the engine has none; those of other versions are removed then.
 * @throws Error when the engine refuses it
 */
export async function gatewayImage(docker: Docker): Promise<string> {
  const { libraries, tag } = (content ??= describe());
  const image = `${REPOSITORY}:${tag}`;
  if (await docker.getImage(image).inspect().catch(() => undefined)) return image;
  await importImage(docker, tag, libraries);
  await removeGatewayImages(docker, image);
  return image;
}

let content: { libraries: string[]; tag: string } | undefined;

function describe(): { libraries: string[]; tag: string } {
  const libraries = loadedLibraries();
  const tag = createHash("sha256")
    .update(JSON.stringify([process.version, process.arch, readFileSync(RELAY, "utf8"), ...[process.execPath, ...libraries].map((path) => [path === process.execPath ? "" : path, statSync(path).size])]))
    .digest("hex")
    .slice(0, 12);
  return { libraries, tag };
}

async function importImage(docker: Docker, tag: string, libraries: string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "toolwharf-gateway-"));
  try {
    for (const [path, name] of [[process.execPath, "node"], [RELAY, "relay.ts"], ...libraries.map((library) => [library, library])] as Array<[string, string]>) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      symlinkSync(path, join(folder, name));
    }
    const archive = tar.pack(folder, { dereference: true, map: (header) => Object.assign(header, { uid: 0, gid: 0, mode: 0o755 }) });
    await imported(docker, archive as unknown as NodeJS.ReadableStream, tag);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function imported(docker: Docker, archive: NodeJS.ReadableStream, tag: string): Promise<void> {
  const progress = await docker.importImage(archive, { repo: REPOSITORY, tag });
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(progress, (error: Error | null, lines: Array<{ error?: string }>) => {
      const failed = lines?.find((line) => line.error)?.error;
      if (error ?? failed) reject(error ?? new Error(failed));
      else resolve();
    });
  });
}

/**
 * Removes those that no container uses; a miniature that has need of one again makes it within seconds.
 * @returns what was removed, as `image <name>`
 */
export async function removeGatewayImages(docker: Docker, except?: string): Promise<string[]> {
  const images = await docker.listImages({ filters: { reference: [REPOSITORY] } });
  const names = images.flatMap(({ RepoTags }) => RepoTags ?? []).filter((name) => name.startsWith(`${REPOSITORY}:`) && name !== except);
  const removed: string[] = [];
  for (const name of names) {
    await docker.getImage(name).remove().then(
      () => removed.push(`image ${name}`),
      (error: Error & { statusCode?: number }) => {
        if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
      },
    );
  }
  return removed;
}

/** Paths as the dynamic linker has them. The kernel's own page has none, add-ons are not Node's, and what looks up names comes and goes. */
function loadedLibraries(): string[] {
  // Not in Node's types yet. Without it every open connection's peer would be looked up.
  const report = process.report as typeof process.report & { excludeNetwork: boolean };
  const before = report.excludeNetwork;
  report.excludeNetwork = true;
  const { sharedObjects } = report.getReport() as unknown as { sharedObjects: string[] };
  report.excludeNetwork = before;
  return [...new Set(sharedObjects)].filter((path) => path.startsWith("/") && /\.so(\.\d+)*$/.test(path) && !/\/lib(nss_|resolv)/.test(path) && existsSync(path)).sort();
}
