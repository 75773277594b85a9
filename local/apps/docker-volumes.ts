import { buffer } from "node:stream/consumers";
import type { Readable } from "node:stream";
import type Docker from "dockerode";
// The one way to write into a volume without a program inside is to upload an archive, which may carry access lists.
import { pack } from "tar-stream";
import { LABELS } from "../labels.ts";
import type { ContainerSpec, VolumeSpec } from "./engine.ts";

/**
 * What `dir_mode=0777,file_mode=0777` is to Azure's mounts: a default access list (acl(5); version 2, then tag, permissions, id of
 * owner, group and others) in place of the umask, so that what is made in the volume is as open as its maker asks. Ignored by file
 * systems that have none.
 */
const OPEN_TO_ALL = String.fromCharCode(2, 0, 0, 0, 1, 0, 7, 0, 0, 0, 0, 0, 4, 0, 7, 0, 0, 0, 0, 0, 32, 0, 7, 0, 0, 0, 0, 0);
const PREPARED = "volumes";

/**
 * Makes a container's volumes and puts into them what has to be there before it starts. An upload reaches a volume through a
 * container that has it; a container of the same image, which is never started, serves for that, as the real one may mount it read-only.
 */
export async function prepareVolumes(docker: Docker, instance: string, spec: ContainerSpec): Promise<void> {
  if (spec.volumes.length === 0) return;
  await Promise.all(spec.volumes.map(({ name, labels }) => docker.createVolume({ Name: name, Labels: { [LABELS.instance]: instance, ...labels } })));
  const helper = await docker.createContainer({
    Image: spec.image,
    Entrypoint: ["never-started"],
    Labels: { [LABELS.instance]: instance, ...spec.labels },
    HostConfig: { NetworkMode: "none", Mounts: spec.volumes.map(({ name }, index) => mountOf(name, `/${PREPARED}/${index}`, false)) },
  });
  try {
    await helper.putArchive(await archiveOf(spec.volumes), { path: "/" });
  } finally {
    // The image's own VOLUMEs too, which the engine makes with every container.
    await helper.remove({ force: true, v: true });
  }
}

export function mountsOf({ volumes }: ContainerSpec): ReturnType<typeof mountOf>[] {
  return volumes.flatMap(({ name, paths, readOnly }) => paths.map((path) => mountOf(name, path, readOnly)));
}

/** Names of the replicas that have volumes of their own. */
export async function replicasWithVolumes(docker: Docker, instance: string): Promise<string[]> {
  const volumes = await volumesWith(docker, instance, LABELS.replica);
  return [...new Set(volumes.map(({ Labels }) => Labels[LABELS.replica] ?? ""))];
}

/** One that a container still uses stays, for the next time. */
export async function removeVolumesOf(docker: Docker, instance: string, replica: string): Promise<void> {
  const volumes = await volumesWith(docker, instance, `${LABELS.replica}=${replica}`);
  await Promise.all(volumes.map(({ Name }) => removeVolume(docker, Name)));
}

async function volumesWith(docker: Docker, instance: string, label: string) {
  const filters = JSON.stringify({ label: [`${LABELS.instance}=${instance}`, label] });
  return (await docker.listVolumes({ filters })).Volumes ?? [];
}

async function removeVolume(docker: Docker, name: string): Promise<void> {
  await docker
    .getVolume(name)
    .remove()
    .catch((error: Error & { statusCode?: number }) => {
      if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
    });
}

/** `NoCopy`: the engine would else fill a new volume with what the image has at that path, which Azure does not. */
const mountOf = (volume: string, path: string, readOnly: boolean) => ({ Type: "volume" as const, Source: volume, Target: path, ReadOnly: readOnly, VolumeOptions: { NoCopy: true, Labels: {}, DriverConfig: { Name: "", Options: {} } } });

async function archiveOf(volumes: VolumeSpec[]): Promise<Buffer> {
  const archive = pack();
  for (const [index, { files }] of volumes.entries()) {
    const folder = `${PREPARED}/${index}`;
    if (!files) {
      archive.entry({ name: `${folder}/`, type: "directory", mode: 0o777, pax: { "SCHILY.xattr.system.posix_acl_default": OPEN_TO_ALL } });
      continue;
    }
    archive.entry({ name: `${folder}/`, type: "directory", mode: 0o755 });
    for (const [path, content] of Object.entries(files)) archive.entry({ name: `${folder}/${path}`, mode: 0o444 }, content);
  }
  archive.finalize();
  return buffer(archive as unknown as Readable);
}
