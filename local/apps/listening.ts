import { readFileSync } from "node:fs";

/** TCP ports that a container listens on. */
export interface Listening {
  /** On an address that others reach. */
  open: number[];
  /** On loopback only, where neither a probe nor the ingress comes. */
  loopback: number[];
}

const LISTEN_STATE = "0A";

/** By the container's first process; `undefined` where this machine cannot see it (an engine in a virtual machine, no root). */
export function listeningOf(pid: number): Listening | undefined {
  if (pid <= 0) return undefined;
  try {
    return parseListening(["tcp", "tcp6"].map((table) => readFileSync(`/proc/${pid}/net/${table}`, "utf8")).join("\n"));
  } catch {
    return undefined;
  }
}

/** Reads the kernel's tables of TCP sockets (proc(5), `/proc/net/tcp`). */
export function parseListening(tables: string): Listening {
  const found: Listening = { open: [], loopback: [] };
  for (const line of tables.split("\n")) {
    const [, local, , state] = line.trim().split(/\s+/);
    const [address, port] = local?.split(":") ?? [];
    if (state !== LISTEN_STATE || !address || !port) continue;
    found[isLoopback(address) ? "loopback" : "open"].push(Number.parseInt(port, 16));
  }
  return { open: sorted(found.open), loopback: sorted(found.loopback) };
}

/** Addresses are 32-bit words in this machine's (little-endian) order: 127.0.0.1 is `0100007F`. */
const isLoopback = (address: string): boolean =>
  address === "00000000000000000000000001000000" || (address.endsWith("7F") && /^(0000000000000000FFFF0000)?[0-9A-F]{8}$/.test(address));

const sorted = (ports: number[]): number[] => [...new Set(ports)].sort((one, other) => one - other);
