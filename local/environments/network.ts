import type Docker from "dockerode";
import type { NetworkInspectInfo } from "dockerode";
import { mtuOption, networkMtu } from "./network-mtu.ts";

export interface EnvironmentNetwork {
  id: string;
  /** IPv4 address that no replica is given. */
  gatewayAddress: string;
}

/** Between the engine's choice of a range and its use, somebody else may take it. */
const TRIES = 5;

/**
 * Makes a network whose replicas get addresses from the upper half of its range, so that the gateway can have the same one from the lower
 * half for ever: containers keep it as their name server. The range is the engine's own choice, which knows what is in use on this
 * machine; it accepts fixed addresses only in networks whose range was given, so the network is made twice.
 */
export async function createNetwork(docker: Docker, name: string, labels: Record<string, string>): Promise<void> {
  const common = { Name: name, CheckDuplicate: true, Labels: labels, Options: mtuOption(await networkMtu(docker)) };
  for (let left = TRIES; ; left -= 1) {
    const first = await docker.createNetwork(common);
    const subnet = subnetOf((await first.inspect()) as NetworkInspectInfo);
    if (!subnet) throw new Error(`the engine gave the network ${name} no IPv4 range`);
    await first.remove();
    const { base, prefix } = subnet;
    try {
      await docker.createNetwork({
        ...common,
        IPAM: { Driver: "default", Config: [{ Subnet: `${text(base)}/${prefix}`, Gateway: text(base + 1), IPRange: `${text(base + 2 ** (31 - prefix))}/${prefix + 1}` }] },
      });
      return;
    } catch (error) {
      if (left === 1) throw error;
    }
  }
}

/** `undefined` for a network that was not made by `createNetwork`, or not to the end. */
export function networkOf(info: NetworkInspectInfo): EnvironmentNetwork | undefined {
  const subnet = subnetOf(info);
  return subnet && ipv4(info)?.IPRange ? { id: info.Id, gatewayAddress: text(subnet.base + 2) } : undefined;
}

const ipv4 = ({ IPAM }: NetworkInspectInfo) => IPAM?.Config?.find(({ Subnet }) => Subnet?.includes("."));

function subnetOf(info: NetworkInspectInfo): { base: number; prefix: number } | undefined {
  const [address, prefix] = ipv4(info)?.Subnet?.split("/") ?? [];
  if (!address || !prefix) return undefined;
  return { base: address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0), prefix: Number(prefix) };
}

const text = (address: number): string => [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
