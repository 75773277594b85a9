import { readdirSync, readFileSync } from "node:fs";
import Docker from "dockerode";
import type { ScratchProject } from "./scratch-project.ts";

/**
 * Everything of a scratch project that is still on the machine: containers, networks and volumes with its label,
 * processes that name its folder. `[]` is a clean machine.
 */
export async function leftovers(project: ScratchProject): Promise<string[]> {
  const docker = new Docker();
  const filters = JSON.stringify({ label: [`toolwharf.instance=${project.layout.instance}`] });
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...containers.map((container) => `container ${container.Names[0]}`),
    ...networks.map((network) => `network ${network.Name}`),
    ...(volumes.Volumes ?? []).map((volume) => `volume ${volume.Name}`),
    ...processesNaming(project.folder),
  ];
}

function processesNaming(folder: string): string[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        return command.includes(folder) ? [`process ${pid}: ${command}`] : [];
      } catch {
        return [];
      }
    });
}

/** The running containers of the project's apps, as `{app, revision, id}`. */
export async function runningReplicas(project: ScratchProject): Promise<Array<{ id: string; app: string; revision: string }>> {
  const filters = JSON.stringify({ label: [`toolwharf.instance=${project.layout.instance}`], status: ["running"] });
  const containers = await new Docker().listContainers({ filters });
  return containers
    .filter((container) => container.Labels["toolwharf.app"])
    .map((container) => ({
      id: container.Id,
      app: container.Labels["toolwharf.app"]!.split("/").at(-1)!,
      revision: container.Labels["toolwharf.revision"] ?? "",
    }));
}
