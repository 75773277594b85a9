import { cpSync, readdirSync, rmSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";

const PORT = 8000;
const READY_LIMIT_MS = 60_000;

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    get({ host: "127.0.0.1", port, path: "/health", timeout: 1000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on("error", () => resolve(false));
  });

/**
 * What somebody would do by hand: build the folder with the Dockerfile of a staged context, run the image on a loopback
 * port, wait for its first 200, remove both. No push, since a laptop's engine runs what it built.
 */
export async function deployRaw({ folder, stagedContext, scratch, baseImage }: { folder: string; stagedContext: string; scratch: string; baseImage: string }): Promise<void> {
  const docker = new Docker();
  rmSync(scratch, { recursive: true, force: true });
  cpSync(stagedContext, scratch, { recursive: true });
  cpSync(folder, join(scratch, "app"), { recursive: true });
  const tag = "toolwharf-bench/raw:latest";
  const stream = await docker.buildImage({ context: scratch, src: readdirSync(scratch) }, { t: tag, version: "2", buildargs: { BASE_IMAGE: baseImage } });
  await new Promise<void>((resolve, reject) =>
    docker.modem.followProgress(stream, (error, lines: Array<{ error?: string }>) => {
      const failed = error ?? lines.find((line) => line.error)?.error;
      if (failed) reject(failed instanceof Error ? failed : new Error(failed));
      else resolve();
    }),
  );
  const container = await docker.createContainer({
    Image: tag,
    Cmd: ["gunicorn", "--bind", `0.0.0.0:${PORT}`, "app:app"],
    ExposedPorts: { [`${PORT}/tcp`]: {} },
    HostConfig: { PortBindings: { [`${PORT}/tcp`]: [{ HostIp: "127.0.0.1", HostPort: "" }] } },
  });
  try {
    await container.start();
    const published = (await container.inspect()).NetworkSettings.Ports[`${PORT}/tcp`]![0]!.HostPort;
    const until = performance.now() + READY_LIMIT_MS;
    while (!(await answers(Number(published)))) {
      if (performance.now() > until) throw new Error(`no 200 from /health within ${READY_LIMIT_MS / 1000} s`);
      await sleep(50);
    }
  } finally {
    await container.remove({ force: true });
    await docker.getImage(tag).remove({ force: true });
  }
}
