import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import Docker from "dockerode";
import type { ScratchProject } from "./scratch-project.ts";

/** What a project's miniature holds of the machine, apart from memory. */
export interface Footprint {
  containers: string[];
  networks: string[];
  volumes: string[];
  /** Names of images of the login servers that were asked about. */
  images: string[];
  /** TCP ports that the daemon and its processes listen on. */
  ports: number[];
  /** Processes that the daemon started. */
  processes: number;
  /** The daemon's open file descriptors. */
  descriptors: number;
  /** Files below `.toolwharf`, without what is limited in number instead (`limited`). */
  files: string[];
}

/**
 * @param loginServers of registries that there are, or were
 * @param limited which files, by path below `.toolwharf`, come and go within limits of their own
 */
export async function footprintOf(project: ScratchProject, loginServers: Iterable<string>, limited: RegExp): Promise<Footprint> {
  const docker = new Docker();
  const { pid } = project.connection();
  const filters = JSON.stringify({ label: [`toolwharf.instance=${project.layout.instance}`] });
  const [containers, networks, volumes, images] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
    docker.listImages(),
  ]);
  const servers = [...loginServers].map((server) => `${server}/`);
  const processes = [pid, ...childrenOf(pid)];
  const state = join(project.folder, ".toolwharf");
  return {
    containers: containers.map(({ Names }) => Names[0] ?? "").sort(),
    networks: networks.map(({ Name }) => Name).sort(),
    volumes: (volumes.Volumes ?? []).map(({ Name }) => Name).sort(),
    images: images.flatMap(({ RepoTags, RepoDigests }) => [...(RepoTags ?? []), ...(RepoDigests ?? [])]).filter((name) => servers.some((server) => name.startsWith(server))).sort(),
    ports: listeningPorts(processes),
    processes: processes.length - 1,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    files: filesBelow(state).map((file) => relative(state, file)).filter((file) => !limited.test(file)).sort(),
  };
}

/** Bytes of memory that the daemon has of the machine. */
export function residentBytes(project: ScratchProject): number {
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${project.connection().pid}/status`, "utf8"))![1]);
}

/** Bytes of all files below `.toolwharf`. */
export function bytesOnDisk(project: ScratchProject): number {
  return filesBelow(join(project.folder, ".toolwharf")).reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

function childrenOf(pid: number): number[] {
  return readdirSync("/proc").filter((entry) => /^\d+$/.test(entry) && parentOf(entry) === pid).map(Number);
}

/** proc(5): the fourth word of `stat`, after the command's name in brackets, which may hold anything. */
function parentOf(pid: string): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ")[1]);
  } catch {
    return undefined;
  }
}

function listeningPorts(pids: number[]): number[] {
  const held = new Set(pids.flatMap((pid) => readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => socketOf(`/proc/${pid}/fd/${descriptor}`) ?? [])));
  // proc(5), `/proc/net/tcp`: the second word is the own address, the fourth the state (0A: listening), the tenth the socket.
  const sockets = ["tcp", "tcp6"].flatMap((table) => readFileSync(`/proc/net/${table}`, "utf8").trim().split("\n").slice(1)).map((line) => line.trim().split(/\s+/));
  const listening = sockets.filter((words) => words[3] === "0A" && held.has(words[9]!));
  return [...new Set(listening.map((words) => Number.parseInt(words[1]!.split(":")[1]!, 16)))].sort((one, other) => one - other);
}

function socketOf(descriptor: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(descriptor))?.[1];
  } catch {
    return undefined;
  }
}
