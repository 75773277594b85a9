import type Docker from "dockerode";
import type { ContainerCreateOptions, ContainerInspectInfo } from "dockerode";
import { addAbortSignal, type Readable } from "node:stream";
import { jsonLines } from "../../builders/docker/json-lines.ts";
import { pullImage } from "../../builders/docker/pull.ts";
import { linkLocalAddress } from "../environments/link-local.ts";
import { LABELS } from "../labels.ts";
import type { Clock, Timer } from "./clock.ts";
import { mountsOf, prepareVolumes, removeVolumesOf, replicasWithVolumes } from "./docker-volumes.ts";
import { EngineError, type ContainerSpec, type ContainerState, type Engine, type KnownContainer } from "./engine.ts";
import { FrameReader, withoutFrames } from "./log-frames.ts";

/** Against fork bombs; Azure has a limit too and does not publish it. */
const PIDS_LIMIT = 1024;
const WATCH_AGAIN_MS = 1000;
/** The miniature's authority in a container: where Go and whatever reads that whole folder find it by themselves. */
const AUTHORITY_FILE = "/etc/ssl/certs/azure-in-miniature.pem";

/** @param instance only containers with this `toolwharf.instance` label are seen and made */
export function dockerEngine(docker: Docker, instance: string, clock: Clock): Engine {
  const ofInstance = { label: [`${LABELS.instance}=${instance}`, LABELS.app] };
  const inspect = async (id: string): Promise<ContainerState | undefined> => {
    const info = await docker.getContainer(id).inspect().catch(ignoring(404));
    return info && stateOf(info);
  };
  const remove = async (id: string): Promise<void> => {
    // 409: somebody else is removing it already.
    await docker.getContainer(id).remove({ force: true, v: true }).catch(ignoring(404, 409));
  };

  return {
    pull: (image, credential) => pullImage({ docker, name: image, login: credential }),
    async run(spec) {
      const wanted = optionsOf(spec, instance);
      await prepareVolumes(docker, instance, spec).catch((error: Error & { statusCode?: number }) => {
        throw error.statusCode === 404 ? new EngineError("image-missing", messageOf(error)) : new EngineError("cannot-start", messageOf(error));
      });
      const container = await docker.createContainer(wanted).catch(async (error: Error & { statusCode?: number }) => {
        if (error.statusCode === 409) {
          await remove(spec.name);
          return docker.createContainer(wanted);
        }
        throw error.statusCode === 404 ? new EngineError("image-missing", messageOf(error)) : error;
      });
      await container.start().catch(async (error: Error) => {
        await remove(container.id);
        throw new EngineError("cannot-start", messageOf(error));
      });
      return stateOf(await container.inspect());
    },
    inspect,
    async stop(id, graceSeconds) {
      // 304: it had ended before.
      await docker.getContainer(id).stop({ t: graceSeconds }).catch(ignoring(304, 404));
    },
    remove,
    async list() {
      const containers = await docker.listContainers({ all: true, filters: ofInstance });
      return containers.map(({ Id, State, Labels }): KnownContainer => ({
        id: Id,
        running: State === "running",
        app: Labels[LABELS.app] ?? "",
        revision: Labels[LABELS.revision] ?? "",
        replica: Labels[LABELS.replica] ?? "",
      }));
    },
    replicasWithVolumes: () => replicasWithVolumes(docker, instance),
    removeVolumes: (replica) => removeVolumesOf(docker, instance, replica),
    async logs(id, maxLines) {
      const bytes = await docker.getContainer(id).logs({ stdout: true, stderr: true, tail: maxLines, follow: false }).catch(ignoring(404));
      return bytes ? withoutFrames(bytes as unknown as Buffer) : "";
    },
    async *follow(id, tailLines, signal) {
      const stream = await docker.getContainer(id).logs({ stdout: true, stderr: true, tail: tailLines, follow: true }).catch(ignoring(404));
      if (!stream) return;
      const frames = new FrameReader();
      try {
        for await (const chunk of addAbortSignal(signal, stream as Readable)) yield* frames.texts(chunk as Buffer);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    watch: (ended) => watchEnds(docker, ofInstance, clock, ended),
  };
}

function optionsOf(spec: ContainerSpec, instance: string): ContainerCreateOptions {
  const ports = spec.ports.map((port) => `${port}/tcp`);
  return {
    name: spec.name,
    Image: spec.image,
    Labels: { [LABELS.instance]: instance, ...spec.labels },
    Env: spec.env,
    // Azure probes by what the app says; an image's own HEALTHCHECK would cost a process every few seconds.
    Healthcheck: { Test: ["NONE"] },
    ...(spec.command?.length ? { Entrypoint: spec.command } : {}),
    ...(spec.args?.length ? { Cmd: spec.args } : {}),
    ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])),
    NetworkingConfig: { EndpointsConfig: { [spec.membership.network]: { IPAMConfig: { LinkLocalIPs: [linkLocalAddress(spec.name)] } } } },
    HostConfig: {
      NetworkMode: spec.membership.network,
      Dns: [spec.membership.nameServer],
      PortBindings: Object.fromEntries(ports.map((port) => [port, [{ HostIp: "127.0.0.1", HostPort: "" }]])),
      NanoCpus: Math.round(spec.cpus * 1e9),
      Memory: spec.memoryBytes,
      MemorySwap: spec.memoryBytes,
      Mounts: [{ Type: "bind", Source: spec.membership.authorityFile, Target: AUTHORITY_FILE, ReadOnly: true }, ...mountsOf(spec)],
      PidsLimit: PIDS_LIMIT,
      SecurityOpt: ["no-new-privileges"],
      // A crash is seen, counted and answered by the app host, with the waits that Azure has.
      RestartPolicy: { Name: "no" },
      LogConfig: { Type: "json-file", Config: { "max-size": "1m", "max-file": "2" } },
    },
  };
}

function stateOf({ Id, State, NetworkSettings }: ContainerInspectInfo): ContainerState {
  const published = Object.entries(NetworkSettings.Ports ?? {}).flatMap(([port, bindings]) => {
    const host = bindings?.[0]?.HostPort;
    return host ? [[Number.parseInt(port, 10), Number(host)]] : [];
  });
  return {
    id: Id,
    running: State.Running,
    exitCode: State.ExitCode,
    outOfMemory: State.OOMKilled,
    startedAt: Date.parse(State.StartedAt) || 0,
    pid: State.Pid,
    ports: Object.fromEntries(published),
  };
}

/** The engine's event stream, taken up again whenever it breaks. */
function watchEnds(docker: Docker, ofInstance: { label: string[] }, clock: Clock, ended: (container: { id: string; replica: string }) => void): { close(): void } {
  let closed = false;
  let current: NodeJS.ReadableStream & { destroy?(): void };
  let timer: Timer | undefined;
  const again = () => {
    if (!closed) timer = clock.after(WATCH_AGAIN_MS, open);
  };
  const follow = async (): Promise<void> => {
    current = await docker.getEvents({ filters: { type: ["container"], event: ["die"], ...ofInstance } });
    if (closed) return current.destroy?.();
    for await (const { Actor } of jsonLines<{ Actor: { ID: string; Attributes: Record<string, string> } }>(current as Readable)) {
      ended({ id: Actor.ID, replica: Actor.Attributes[LABELS.replica] ?? "" });
    }
  };
  // Whatever ends it, also a line that is no JSON: what was missed meanwhile the regular look at all containers finds.
  const open = () => void follow().then(again, again);
  open();
  return {
    close() {
      closed = true;
      timer?.cancel();
      current?.destroy?.();
    },
  };
}

/** What the engine said, without dockerode's "(HTTP code 400) unexpected -". */
const messageOf = (error: Error & { json?: { message?: string } }): string => error.json?.message ?? error.message;

const ignoring =
  (...statuses: number[]) =>
  (error: Error & { statusCode?: number }): undefined => {
    if (error.statusCode !== undefined && statuses.includes(error.statusCode)) return undefined;
    throw error;
  };
