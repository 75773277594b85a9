import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Docker from "dockerode";
import { pack } from "tar-fs";

/**
 * Makes an image of some 2 MB around the server in `tiny-server/`, under the given name (`repository:tag`), by the Go
 * toolchain and `docker import`: no base image, no download. The caller removes it.
 */
export async function makeTinyImage(docker: Docker, name: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "toolwharf-tiny-"));
  try {
    execFileSync("go", ["build", "-ldflags=-s -w", "-o", join(folder, "server"), "main.go"], {
      cwd: fileURLToPath(new URL("tiny-server", import.meta.url)),
      env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GO111MODULE: "off" },
    });
    const [repo, tag] = name.split(/:(?=[^:/]+$)/);
    const archive = pack(folder) as unknown as NodeJS.ReadableStream;
    await finished(docker, await docker.importImage(archive, { repo, tag, changes: 'CMD ["/server"]' }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits for the end of an engine operation that streams its progress; rejects with its error line. */
export function finished(docker: Docker, stream: NodeJS.ReadableStream): Promise<Array<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error: Error | null, lines: Array<Record<string, unknown>>) => {
      const failed = lines?.find((line) => line.error);
      if (error ?? failed) reject(error ?? new Error(String(failed!.error)));
      else resolve(lines);
    });
  });
}
