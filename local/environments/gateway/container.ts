import { createHash } from "node:crypto";
import type Docker from "dockerode";
import type { ContainerCreateOptions } from "dockerode";
import { LABELS } from "../../labels.ts";
import { METADATA_ADDRESS } from "../link-local.ts";
import type { EnvironmentNetwork } from "../network.ts";
import { gatewayImage, RELAY_COMMAND } from "./image.ts";

const MEMORY_BYTES = 256 * 1024 * 1024;
const PIDS_LIMIT = 64;

interface Gateway {
  name: string;
  labels: Record<string, string>;
  network: EnvironmentNetwork;
  /** Folder with the daemon's sockets. */
  sockets: string;
}

/** Ids of the environments, in lower case, whose gateway runs. */
export async function runningGateways(docker: Docker, instance: string): Promise<Set<string>> {
  const label = [`${LABELS.instance}=${instance}`, LABELS.gateway];
  const containers = await docker.listContainers({ filters: { label, status: ["running"] } });
  return new Set(containers.map(({ Labels }) => Labels[LABELS.environment] ?? ""));
}

export async function removeGateway(docker: Docker, name: string): Promise<void> {
  await docker.getContainer(name).remove({ force: true, v: true }).catch((error: Error & { statusCode?: number }) => {
    if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
  });
}

/**
 * Starts an environment's gateway, unless it runs as it should. It may do nothing but listen on its network and speak to the
 * sockets, as the daemon's user, whom alone they let in. The engine starts it again when it ends or when the machine does.
 */
export async function ensureGateway(docker: Docker, gateway: Gateway): Promise<void> {
  const { name, labels, network, sockets } = gateway;
  const image = await gatewayImage(docker);
  const user = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const shape = createHash("sha256").update(JSON.stringify([image, network, sockets, user, METADATA_ADDRESS])).digest("hex").slice(0, 12);
  const found = await docker.getContainer(name).inspect().catch(() => undefined);
  if (found?.Config.Labels[LABELS.gateway] === shape && found.State.Running) return;
  if (found) await removeGateway(docker, name);
  const wanted = {
    name,
    Image: image,
    Cmd: RELAY_COMMAND,
    User: user,
    Labels: { ...labels, [LABELS.gateway]: shape },
    NetworkingConfig: { EndpointsConfig: { [network.id]: { IPAMConfig: { IPv4Address: network.gatewayAddress, LinkLocalIPs: [METADATA_ADDRESS] } } } },
    HostConfig: {
      NetworkMode: network.id,
      Mounts: [{ Type: "bind" as const, Source: sockets, Target: "/run/miniature", ReadOnly: true }],
      RestartPolicy: { Name: "unless-stopped" },
      Memory: MEMORY_BYTES,
      PidsLimit: PIDS_LIMIT,
      CapDrop: ["ALL"],
      // The second: where SELinux runs, a container may else not speak to a socket of the machine.
      SecurityOpt: ["no-new-privileges", "label=disable"],
      ReadonlyRootfs: true,
      Sysctls: { "net.ipv4.ip_unprivileged_port_start": "0" },
      LogConfig: { Type: "json-file", Config: { "max-size": "1m", "max-file": "1" } },
    },
  } satisfies ContainerCreateOptions;
  const container = await docker.createContainer(wanted).catch(async (error: Error & { statusCode?: number }) => {
    // The image was removed in between, with the last gateway of another miniature.
    if (error.statusCode !== 404) throw error;
    await gatewayImage(docker);
    return docker.createContainer(wanted);
  });
  await container.start();
}
