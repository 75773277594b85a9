import { describe, expect, test } from "@jest/globals";
import type { NetworkInspectInfo } from "dockerode";
import { networkOf } from "../../../local/environments/network.ts";

const info = (...Config: Array<Record<string, string>>) => ({ Id: "n", IPAM: { Driver: "default", Config } }) as unknown as NetworkInspectInfo;

describe("the gateway's address", () => {
  test.each([
    ["172.18.0.0/16", "172.18.128.0/17", "172.18.0.2"],
    ["192.168.240.0/20", "192.168.248.0/21", "192.168.240.2"],
    ["10.1.255.240/28", "10.1.255.248/29", "10.1.255.242"],
  ])("in %s, replicas in %s", (Subnet, IPRange, address) => {
    expect(networkOf(info({ Subnet, IPRange }))).toEqual({ id: "n", gatewayAddress: address });
  });

  test("is of the fourth version where the engine gives both", () => {
    expect(networkOf(info({ Subnet: "fd00::/64" }, { Subnet: "172.18.0.0/16", IPRange: "172.18.128.0/17" }))?.gatewayAddress).toBe("172.18.0.2");
  });

  test("is not known where replicas may have it", () => {
    expect(networkOf(info({ Subnet: "172.18.0.0/16", Gateway: "172.18.0.1" }))).toBeUndefined();
    expect(networkOf(info())).toBeUndefined();
  });
});
