import type { Membership } from "../environments/environment-host.ts";

/** What the app host needs of a container engine. Ids are the engine's; every ending of something already gone is a success. */
export interface Engine {
  pull(image: string, credential?: { username: string; password: string; serveraddress: string }): Promise<void>;
  /** Creates and starts; takes the place of a container with the same name. @throws EngineError */
  run(spec: ContainerSpec): Promise<ContainerState>;
  inspect(id: string): Promise<ContainerState | undefined>;
  /** SIGTERM, and SIGKILL when it still runs after `graceSeconds`; resolves when it has ended. */
  stop(id: string, graceSeconds: number): Promise<void>;
  remove(id: string): Promise<void>;
  /** All containers of this instance's apps, running or not. */
  list(): Promise<KnownContainer[]>;
  /** Names of the replicas that have volumes of their own. */
  replicasWithVolumes(): Promise<string[]>;
  /** Removes a replica's own volumes, which no container uses any more; shares stay. */
  removeVolumes(replica: string): Promise<void>;
  /** The last part of what the container wrote, both streams as they came; at most `maxLines` lines. */
  logs(id: string, maxLines: number): Promise<string>;
  /** What the container wrote (at most its last `tailLines` lines) and goes on to write, both streams as they come; ends with it, or when aborted. */
  follow(id: string, tailLines: number, signal: AbortSignal): AsyncIterable<Buffer>;
  /** Tells of every container of this instance that ends, until closed. Misses what ends while the engine is away. */
  watch(ended: (container: { id: string; replica: string }) => void): { close(): void };
}

export interface ContainerSpec {
  name: string;
  image: string;
  labels: Record<string, string>;
  /** `NAME=value`. */
  env: string[];
  /** Replaces the image's entry point; its default arguments are then dropped too. */
  command?: string[];
  args?: string[];
  membership: Membership;
  /** Container ports published on 127.0.0.1, each on a port that the engine chooses. */
  ports: number[];
  cpus: number;
  memoryBytes: number;
  volumes: VolumeSpec[];
}

/** A volume that is made when it is not there, and where the container sees it. */
export interface VolumeSpec {
  name: string;
  labels: Record<string, string>;
  /** Absolute, in the container. */
  paths: string[];
  readOnly: boolean;
  /** Path in the volume to content: all that is in it, read by every user. Without: every user may write, and to what others wrote. */
  files?: Record<string, string>;
}

export interface ContainerState {
  id: string;
  running: boolean;
  exitCode: number;
  outOfMemory: boolean;
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** Process id on this machine of the container's first process; 0 when it does not run. */
  pid: number;
  /** Container port to port on 127.0.0.1. */
  ports: Record<number, number>;
}

export interface KnownContainer {
  id: string;
  running: boolean;
  app: string;
  revision: string;
  replica: string;
}

export class EngineError extends Error {
  readonly reason: "image-missing" | "cannot-start";

  constructor(reason: EngineError["reason"], message: string) {
    super(message);
    this.name = "EngineError";
    this.reason = reason;
  }
}
