import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, jest, test } from "@jest/globals";
import Docker from "dockerode";
import type { ArmDocument } from "../../../local/arm/hosts.ts";
import { createEnvironmentHost } from "../../../local/environments/environment-host.ts";
import { gatewayImage, removeGatewayImages } from "../../../local/environments/gateway/image.ts";
import { finished } from "../../support/tiny-image.ts";
import { memoryStore } from "../support/memory-store.ts";

jest.setTimeout(60_000);

const docker = new Docker();
const instance = randomBytes(4).toString("hex");
const store = memoryStore();
const socketsFolder = mkdtempSync(join(tmpdir(), "toolwharf-environments-"));
const create = () => createEnvironmentHost({ instance, store, docker, socketsFolder, authorityFile: "/ca.pem", lookEveryMs: 200 });
const host = create();
const document = (name: string, group = "g"): ArmDocument => ({
  id: `/subscriptions/s/resourceGroups/${group}/providers/Microsoft.App/managedEnvironments/${name}`,
  name,
  type: "Microsoft.App/managedEnvironments",
  location: "West Europe",
  properties: {},
});
const label = [`toolwharf.instance=${instance}`];
const networks = async () => (await docker.listNetworks({ filters: { label } })).map(({ Name }) => Name).sort();
const gateways = async () => (await docker.listContainers({ filters: { label } })).map(({ Names }) => Names[0]!.slice(1)).sort();
const inspectNetwork = () => docker.getNetwork(`toolwharf-${instance}-tools`).inspect();

afterAll(async () => {
  await host.close();
  for (const { Id } of await docker.listContainers({ all: true, filters: { label } })) await docker.getContainer(Id).remove({ force: true });
  for (const name of await networks()) await docker.getNetwork(name).remove();
  rmSync(socketsFolder, { recursive: true });
});

describe("the environment host", () => {
  test("gives an environment a domain of Azure's shape, a network and a gateway, once", async () => {
    const first = await host.start(document("tools"));
    expect(first.defaultDomain).toMatch(/^[a-z]+-[0-9a-f]{8}\.westeurope\.azurecontainerapps\.localhost$/);
    expect(first.staticIp).toBe("127.0.0.1");
    expect(await Promise.all([host.start(document("tools")), host.start(document("TOOLS"))])).toEqual([first, first]);
    expect(await create().start(document("tools"))).toEqual(first);
    expect(await networks()).toEqual([`toolwharf-${instance}-tools`]);
    expect(await gateways()).toEqual([`toolwharf-${instance}-tools-gateway`]);
  });

  test("the gateway has an address that replicas are never given, and no rights on the machine", async () => {
    const { network, nameServer, authorityFile } = await host.membershipOf(document("tools").id);
    expect([network, authorityFile]).toEqual([`toolwharf-${instance}-tools`, "/ca.pem"]);
    const [range] = (await inspectNetwork()).IPAM!.Config!;
    const prefix = (text: string) => Number(text.split("/")[1]);
    expect(prefix(range!.IPRange!)).toBe(prefix(range!.Subnet!) + 1);
    expect(range!.IPRange!.split("/")[0]).not.toBe(range!.Subnet!.split("/")[0]);
    const { NetworkSettings, HostConfig, Mounts } = await docker.getContainer(`${network}-gateway`).inspect();
    expect(NetworkSettings.Networks[network]!.IPAddress).toBe(nameServer);
    expect(HostConfig).toMatchObject({ CapDrop: ["ALL"], ReadonlyRootfs: true, Privileged: false, RestartPolicy: { Name: "unless-stopped" } });
    expect(HostConfig.PortBindings ?? {}).toEqual({});
    expect(Mounts).toMatchObject([{ Destination: "/run/miniature", RW: false }]);
  });

  test("the network carries no larger packets than the engine's default bridge", async () => {
    const [own, bridge] = await Promise.all([inspectNetwork(), docker.getNetwork("bridge").inspect()]);
    const mtu = (network: { Options?: Record<string, string> }) => Number(network.Options?.["com.docker.network.driver.mtu"] ?? 1500);
    expect(mtu(own)).toBeLessThanOrEqual(mtu(bridge));
  });

  test.each([
    ["removed by hand", async () => undefined],
    ["made by hand, or half made", async () => void (await docker.createNetwork({ Name: `toolwharf-${instance}-tools`, Labels: { "toolwharf.instance": instance, "toolwharf.environment": document("tools").id.toLowerCase() } }))],
  ])("a network that was %s is made again when it is needed, with its gateway", async (_, make) => {
    await docker.getContainer(`toolwharf-${instance}-tools-gateway`).remove({ force: true });
    await docker.getNetwork(`toolwharf-${instance}-tools`).remove();
    await make();
    const { network, nameServer } = await host.membershipOf(document("tools").id);
    expect(await networks()).toEqual([network]);
    expect((await docker.getContainer(`${network}-gateway`).inspect()).NetworkSettings.Networks[network]!.IPAddress).toBe(nameServer);
  });

  test("environments of one name in two groups have networks of their own", async () => {
    await host.start(document("tools", "other"));
    expect(await networks()).toHaveLength(2);
    await host.remove(document("tools", "other").id);
  });

  test("a gateway that was removed, or stopped, by hand comes back at the same address", async () => {
    const { nameServer } = await host.membershipOf(document("tools").id);
    await host.serve({ accept: (_environment, _scheme, socket) => void socket.destroy(), isName: () => false });
    const gateway = docker.getContainer(`toolwharf-${instance}-tools-gateway`);
    for (const end of [() => gateway.remove({ force: true }), () => gateway.stop({ t: 0 })]) {
      await end();
      for (const limit = Date.now() + 10_000; (await gateways()).length === 0 && Date.now() < limit; ) await sleep(50);
      expect((await gateway.inspect()).NetworkSettings.Networks[`toolwharf-${instance}-tools`]!.IPAddress).toBe(nameServer);
    }
  });

  test("an environment that is removed while another's gateway comes back stays removed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "toolwharf-environments-"));
    let meanwhile: (() => Promise<void>) | undefined;
    const engine = Object.create(docker, {
      createContainer: {
        value: async (options: Docker.ContainerCreateOptions) => {
          const once = meanwhile;
          meanwhile = undefined;
          await once?.();
          return docker.createContainer(options);
        },
      },
    }) as Docker;
    const own = createEnvironmentHost({ instance, store: memoryStore(), docker: engine, socketsFolder: folder, authorityFile: "/ca.pem", lookEveryMs: 1_000 });
    for (const name of ["first", "second"]) await own.start(document(name));
    await own.serve({ accept: (_environment, _scheme, socket) => void socket.destroy(), isName: () => false });
    meanwhile = () => own.remove(document("second").id);
    await Promise.all(["first", "second"].map((name) => docker.getContainer(`toolwharf-${instance}-${name}-gateway`).remove({ force: true })));
    for (const limit = Date.now() + 10_000; !(await gateways()).includes(`toolwharf-${instance}-first-gateway`) && Date.now() < limit; ) await sleep(50);
    await sleep(1_500);
    expect(await networks()).not.toContain(`toolwharf-${instance}-second`);
    await own.remove(document("first").id);
    await own.close();
    rmSync(folder, { recursive: true });
  });

  test("the gateway's image stays while it is used; those that nobody uses can be removed", async () => {
    const { Image } = await docker.getContainer(`toolwharf-${instance}-tools-gateway`).inspect();
    const name = await gatewayImage(docker);
    expect(await removeGatewayImages(docker)).not.toContain(`image ${name}`);
    expect((await docker.getImage(name).inspect()).Id).toBe(Image);
    await finished(docker, await docker.importImage(Readable.from([Buffer.alloc(1024)]) as never, { repo: "toolwharf-gateway", tag: instance }));
    expect(await removeGatewayImages(docker)).toContain(`image toolwharf-gateway:${instance}`);
  });

  test("a removed environment leaves no network, gateway or socket and is known no more", async () => {
    const [folder] = readdirSync(socketsFolder);
    expect(existsSync(join(socketsFolder, folder!, "http"))).toBe(true);
    await host.remove(document("tools").id);
    expect([await networks(), await gateways(), readdirSync(socketsFolder)]).toEqual([[], [], []]);
    expect(host.defaultDomainOf(document("tools").id)).toBeUndefined();
    await expect(host.membershipOf(document("tools").id)).rejects.toMatchObject({ code: "ManagedEnvironmentNotProvisioned" });
  });
});
