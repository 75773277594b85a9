import { randomBytes } from "node:crypto";
import { afterAll, describe, expect, test } from "@jest/globals";
import Docker from "dockerode";
import type { ArmDocument } from "../../../local/arm/hosts.ts";
import { createEnvironmentHost } from "../../../local/environments/environment-host.ts";
import { memoryStore } from "../support/memory-store.ts";

const docker = new Docker();
const instance = randomBytes(4).toString("hex");
const store = memoryStore();
const host = createEnvironmentHost({ instance, store, docker });
const document = (name: string, group = "g"): ArmDocument => ({
  id: `/subscriptions/s/resourceGroups/${group}/providers/Microsoft.App/managedEnvironments/${name}`,
  name,
  type: "Microsoft.App/managedEnvironments",
  location: "West Europe",
  properties: {},
});
const networks = async () => (await docker.listNetworks({ filters: { label: [`toolwharf.instance=${instance}`] } })).map(({ Name }) => Name).sort();

afterAll(async () => {
  for (const name of await networks()) await docker.getNetwork(name).remove();
});

describe("the environment host", () => {
  test("gives an environment a domain of Azure's shape and a network, once", async () => {
    const first = await host.start(document("tools"));
    expect(first.defaultDomain).toMatch(/^[a-z]+-[0-9a-f]{8}\.westeurope\.azurecontainerapps\.localhost$/);
    expect(first.staticIp).toBe("127.0.0.1");
    expect(await Promise.all([host.start(document("tools")), createEnvironmentHost({ instance, store, docker }).start(document("TOOLS"))])).toEqual([first, first]);
    expect(await networks()).toEqual([`toolwharf-${instance}-tools`]);
  });

  test("the network carries no larger packets than the engine's default bridge", async () => {
    const [own, bridge] = await Promise.all(["toolwharf-" + instance + "-tools", "bridge"].map((name) => docker.getNetwork(name).inspect()));
    const mtu = (network: { Options?: Record<string, string> }) => Number(network.Options?.["com.docker.network.driver.mtu"] ?? 1500);
    expect(mtu(own!)).toBeLessThanOrEqual(mtu(bridge!));
  });

  test("a network removed by hand is made again when it is needed", async () => {
    await docker.getNetwork(`toolwharf-${instance}-tools`).remove();
    expect(await host.networkOf(document("tools").id)).toBe(`toolwharf-${instance}-tools`);
    expect(await networks()).toEqual([`toolwharf-${instance}-tools`]);
  });

  test("environments of one name in two groups have networks of their own", async () => {
    await host.start(document("tools", "other"));
    expect(await networks()).toHaveLength(2);
    await host.remove(document("tools", "other").id);
  });

  test("a removed environment leaves no network and is known no more", async () => {
    await host.remove(document("tools").id);
    expect(await networks()).toEqual([]);
    expect(host.defaultDomainOf(document("tools").id)).toBeUndefined();
    await expect(host.networkOf(document("tools").id)).rejects.toMatchObject({ code: "ManagedEnvironmentNotProvisioned" });
  });
});
