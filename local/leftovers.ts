import type Docker from "dockerode";
import { LABELS } from "./labels.ts";

export interface MiniatureContainer {
  id: string;
  name: string;
  /** Last segment of the app's id. */
  app: string;
  revision: string;
  /** Docker's word: running, exited, ... */
  state: string;
}

export async function containersOf(docker: Docker, instance: string): Promise<MiniatureContainer[]> {
  const containers = await docker.listContainers({ all: true, filters: labelled(instance) });
  return containers.map(({ Id, Names, Labels, State }) => ({
    id: Id.slice(0, 12),
    name: Names[0]?.replace(/^\//, "") ?? Id,
    app: Labels[LABELS.app]?.split("/").at(-1) ?? "",
    revision: Labels[LABELS.revision] ?? "",
    state: State,
  }));
}

/** @returns what was removed, as `container <name>` and the like */
export async function removeLeftovers(docker: Docker, instance: string): Promise<string[]> {
  const removed: string[] = [];
  for (const { id, name } of await containersOf(docker, instance)) {
    if (await gone(docker.getContainer(id).remove({ force: true, v: true }))) removed.push(`container ${name}`);
  }
  for (const { Id, Name } of await docker.listNetworks({ filters: labelled(instance) })) {
    if (await gone(docker.getNetwork(Id).remove())) removed.push(`network ${Name}`);
  }
  for (const { Name } of (await docker.listVolumes({ filters: labelled(instance) })).Volumes ?? []) {
    if (await gone(docker.getVolume(Name).remove())) removed.push(`volume ${Name}`);
  }
  return removed;
}

/**
 * Removes what was built for or pulled from registries on these ports of localhost. The build cache stays, so a later
 * start builds as fast as before. An image that a container of somebody else uses stays too.
 *
 * @returns what was removed, as `image <name>`
 */
export async function removeImages(docker: Docker, registryPorts: number[]): Promise<string[]> {
  const servers = registryPorts.map((port) => `localhost:${port}/`);
  const names = (await docker.listImages())
    .flatMap(({ RepoTags, RepoDigests }) => [...(RepoTags ?? []), ...(RepoDigests ?? [])])
    .filter((name) => servers.some((server) => name.startsWith(server)) && !name.includes("<none>"));
  const removed: string[] = [];
  for (const name of names) if (await gone(docker.getImage(name).remove())) removed.push(`image ${name}`);
  return removed;
}

/** @returns false if somebody else had removed it */
async function gone(removal: Promise<unknown>): Promise<boolean> {
  try {
    await removal;
    return true;
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    // 409: its removal is in progress, or a container uses the image.
    if (statusCode === 404 || statusCode === 409) return false;
    throw error;
  }
}

const labelled = (instance: string): string => JSON.stringify({ label: [`${LABELS.instance}=${instance}`] });
