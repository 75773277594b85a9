import { readFileSync } from "node:fs";
import type Docker from "dockerode";

const MTU_OPTION = "com.docker.network.driver.mtu";
const ETHERNET_MTU = 1500;

/**
 * Packet size for a new network. Docker gives every network 1,500 bytes whatever the machine's own way out carries,
 * and larger answers of package registries then never arrive; so: the engine's default bridge, where somebody may have
 * set it, or the interface of the default route, whichever is less.
 */
export async function networkMtu(docker: Docker): Promise<number> {
  const bridge = (await docker.getNetwork("bridge").inspect().catch(() => undefined)) as { Options?: Record<string, string> } | undefined;
  return smallest(Number(bridge?.Options?.[MTU_OPTION]), mtuOfDefaultRoute());
}

export const mtuOption = (mtu: number): Record<string, string> => ({ [MTU_OPTION]: String(mtu) });

export const smallest = (...candidates: Array<number | undefined>): number =>
  Math.min(ETHERNET_MTU, ...candidates.filter((mtu): mtu is number => mtu !== undefined && mtu > 0));

/** Linux only; elsewhere the engine runs in a virtual machine whose default bridge tells. */
function mtuOfDefaultRoute(): number | undefined {
  try {
    const route = readFileSync("/proc/net/route", "utf8").split("\n").map((line) => line.split("\t")).find((fields) => fields[1] === "00000000");
    return route && Number(readFileSync(`/sys/class/net/${route[0]}/mtu`, "utf8"));
  } catch {
    return undefined;
  }
}
