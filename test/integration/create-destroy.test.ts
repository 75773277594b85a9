import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readApp, appIdOf, until } from "../support/arm-app.ts";
import { bytesOnDisk, footprintOf, residentBytes, type Footprint } from "../support/footprint.ts";
import { ask, askArm } from "../support/https-client.ts";
import { INSPECTABLE, inspect, type Inspector } from "../support/inspector.ts";
import { leftovers } from "../support/leftovers.ts";
import { ScratchProject } from "../support/scratch-project.ts";

const ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
const MIB = 1024 * 1024;
/**
 * Limited in number or size instead of being gone at once: ended operations, which clients may still ask for; logs; the
 * engine's backups and history, and its caches.
 */
const LIMITED = /^local\/(documents\/operations\/|daemon\.log|registries\/[^/]+\/registry\.log)|^(state\/\.pulumi\/(backups|history)|cache)\//;
/** The newest 100, all of the last minute, and what begins between two looks. This file's cycles begin many more. */
const MOST_OPERATIONS = 300;

/** Apps and platforms that are made and unmade at a time. */
const LANES = 5;
/** Connections to the Docker engine that happen to be kept; one that each cycle leaves would be many more. */
const SPARE_DESCRIPTORS = 3;
/** The first engine cycles take 19 MiB, for code and for V8's young generation, which keeps what it once had; later ones nothing that can be measured. */
const RESIDENT_BYTES = 32 * MIB;
const DISK_BYTES = MIB;
/** For each kind of cycle; alone on two cores it takes a minute and a half at most. */
const LIMIT_MS = 15 * 60 * 1000;

/** How often something is made and unmade, and how much of the daemon's JavaScript heap that may cost. */
interface Repetition {
  /** What is made at first use is made: what there is then is compared with. */
  warmUp: number;
  cycles: number;
  lanes: number;
  /** The slope: objects that stay of each cycle, of what is limited in number but not at its limit yet. */
  objectsPerCycle: number;
  /** For what is no object: strings and buffers, and code, which V8 goes on compiling for some twenty cycles. */
  heapBytes: number;
}

/** 30 stay, of what is limited: a TLS context for the environment's domain (of the newest 50), and gRPC's traces (32 to 64 events each). Code takes up to 2 MiB. */
const BY_ENGINE: Repetition = { warmUp: 1, cycles: 5, lanes: 1, objectsPerCycle: 45, heapBytes: 3 * MIB };
/** None stays; a connection to the Docker engine that happens to be kept is 15. Code takes 0.5 MiB. */
const APPS: Repetition = { warmUp: 2 * LANES, cycles: 75, lanes: LANES, objectsPerCycle: 0.5, heapBytes: MIB };
/** 5 stay: the TLS context of the environment's domain. Code takes 0.4 MiB. */
const PLATFORMS: Repetition = { warmUp: LANES, cycles: 20, lanes: LANES, objectsPerCycle: 8, heapBytes: MIB };

/** What is taken from one app to make others like it. */
interface AppDocument {
  location: string;
  identity: { userAssignedIdentities: Record<string, unknown> };
  properties: { environmentId: string; workloadProfileName: string; configuration: { ingress: Record<string, unknown> }; template: unknown };
}

describe("a hundred times created and destroyed", () => {
  const project = new ScratchProject([]);
  const loginServers = new Set<string>();
  let inspector: Inspector;

  beforeAll(async () => {
    project.addSmallTools(["kept"]);
    const up = await project.run(["local", "up"], { env: INSPECTABLE });
    if (up.code !== 0) throw new Error(up.output);
    inspector = await inspect(project);
  });
  afterAll(async () => {
    inspector?.close();
    await project.dispose();
    expect(await leftovers(project)).toEqual([]);
  });

  /** Sockets of answered requests close a moment later, and the engine keeps its connections for a while: the least of some seconds counts. */
  const footprint = async (): Promise<Footprint> => {
    let least = Infinity;
    for (let looks = 0; looks < 8; looks += 1) {
      least = Math.min(least, (await footprintOf(project, loginServers, LIMITED)).descriptors);
      await sleep(1000);
    }
    return { ...(await footprintOf(project, loginServers, LIMITED)), descriptors: least };
  };
  const operations = async () => (await footprintOf(project, [], /^(?!local\/documents\/operations\/)/)).files.length;

  const memory = async () => ({ objects: await inspector.objects(), heap: await inspector.usedHeap(), resident: residentBytes(project) });
  /** What there is after `cycles` is compared with what there was after the warm-up. */
  const expectNothingStays = async ({ warmUp, cycles, lanes, objectsPerCycle, heapBytes }: Repetition, cycle: (number: number) => Promise<void>): Promise<void> => {
    const run = async (first: number, count: number) => {
      const numbers = Array.from({ length: count }, (_, index) => first + index);
      await Promise.all(Array.from({ length: lanes }, async () => {
        for (let number; (number = numbers.shift()) !== undefined; ) await cycle(number);
      }));
    };
    await run(0, warmUp);
    const before = { footprint: await footprint(), memory: await memory(), disk: bytesOnDisk(project) };
    await run(warmUp, cycles);
    const after = await footprint();
    expect(after.descriptors).toBeLessThanOrEqual(before.footprint.descriptors + SPARE_DESCRIPTORS);
    expect({ ...after, descriptors: 0 }).toEqual({ ...before.footprint, descriptors: 0 });
    expect(await operations()).toBeLessThanOrEqual(MOST_OPERATIONS);
    const grown = await memory();
    expect((grown.objects - before.memory.objects) / cycles).toBeLessThan(objectsPerCycle);
    expect(grown.heap - before.memory.heap).toBeLessThan(heapBytes);
    expect(grown.resident - before.memory.resident).toBeLessThan(RESIDENT_BYTES);
    expect(bytesOnDisk(project) - before.disk).toBeLessThan(DISK_BYTES);
  };

  test(`a whole platform with a tool, by the engine, ${BY_ENGINE.cycles} times`, async () => {
    await expectNothingStays(BY_ENGINE, async () => {
      await project.must(["up", "--yes"]);
      const { platform, tools } = await project.outputs();
      loginServers.add((platform as { loginServer: string }).loginServer);
      await expectAnswer(tools["kept"]!.url);
      await project.must(["destroy", "--yes"]);
    });
  }, LIMIT_MS);

  const expectAnswer = (url: string) => expect(ask(`${url}/`, project.connection().caFile, { agent: false })).resolves.toMatchObject({ status: 200 });

  const put = async (id: string, body: unknown, apiVersion?: string): Promise<void> => {
    const answer = await askArm(project.connection(), "PUT", id, body, apiVersion);
    if (![200, 201].includes(answer.status)) throw new Error(`PUT ${id} answered ${answer.status}: ${answer.body}`);
    await until(`${id} made`, 120, async () => {
      const { properties } = JSON.parse((await askArm(project.connection(), "GET", id, undefined, apiVersion)).body) as { properties: { provisioningState?: string } };
      if (properties.provisioningState === "Failed") throw new Error(`${id} failed`);
      return properties.provisioningState === undefined || properties.provisioningState === "Succeeded";
    });
  };
  const remove = async (id: string, apiVersion?: string): Promise<void> => {
    const answer = await askArm(project.connection(), "DELETE", id, undefined, apiVersion);
    if (![200, 202].includes(answer.status)) throw new Error(`DELETE ${id} answered ${answer.status}: ${answer.body}`);
    await until(`${id} gone`, 120, async () => (await askArm(project.connection(), "GET", id, undefined, apiVersion)).status === 404);
  };

  describe("through ARM", () => {
    let keptId = "";
    let group = "";
    let appOf: (environmentId?: string) => unknown;

    beforeAll(async () => {
      await project.must(["up", "--yes"]);
      keptId = await appIdOf(project, "kept");
      group = keptId.replace(/\/providers\/.*/, "");
      const { location, identity, properties } = JSON.parse((await askArm(project.connection(), "GET", keptId)).body) as AppDocument;
      const { environmentId, workloadProfileName, configuration, template } = properties;
      const { fqdn: _, ...ingress } = configuration.ingress;
      appOf = (environment) => ({
        location,
        identity: { type: "UserAssigned", userAssignedIdentities: Object.fromEntries(Object.keys(identity.userAssignedIdentities).map((id) => [id, {}])) },
        properties: { environmentId: environment ?? environmentId, workloadProfileName, configuration: { ...configuration, ingress }, template },
      });
    });

    const createApp = async (name: string, environmentId?: string): Promise<string> => {
      const id = `${group}/providers/Microsoft.App/containerApps/${name}`;
      await put(id, appOf(environmentId));
      await until(`${name} ready`, 120, async () => (await readApp(project, id)).latestReadyRevisionName !== undefined);
      const { fqdn } = (await readApp(project, id)).configuration!.ingress!;
      const { ingressPort } = project.connection();
      await expectAnswer(`https://${fqdn}${ingressPort === 443 ? "" : `:${ingressPort}`}`);
      const token = await askArm(project.connection(), "POST", `${id}/getAuthtoken`);
      expect(token.status).toBe(200);
      return id;
    };

    test(`an app, ${APPS.cycles} times`, async () => {
      await expectNothingStays(APPS, async (number) => remove(await createApp(`app-${number}`)));
    }, LIMIT_MS);

    test(`an environment with an app, a registry and an identity with its role, ${PLATFORMS.cycles} times`, async () => {
      await expectNothingStays(PLATFORMS, async (number) => {
        const location = "westeurope";
        const [environment, registry, identity] = [`Microsoft.App/managedEnvironments/env-${number}`, `Microsoft.ContainerRegistry/registries/cycle${number}of${project.layout.instance}`, `Microsoft.ManagedIdentity/userAssignedIdentities/id-${number}`].map((path) => `${group}/providers/${path}`);
        await Promise.all([
          put(environment!, { location, properties: { workloadProfiles: [{ name: "Consumption", workloadProfileType: "Consumption" }] } }),
          put(registry!, { location, sku: { name: "Basic" }, properties: {} }, "2025-11-01"),
          put(identity!, { location }, "2023-01-31"),
        ]);
        const { properties } = JSON.parse((await askArm(project.connection(), "GET", identity!, undefined, "2023-01-31")).body) as { properties: { principalId: string } };
        const assignment = await askArm(project.connection(), "PUT", `${registry}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`, {
          properties: { principalId: properties.principalId, principalType: "ServicePrincipal", roleDefinitionId: `/subscriptions/${project.connection().subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${ACR_PULL}` },
        }, "2022-04-01");
        expect(assignment.status).toBe(201);
        await remove(await createApp(`inside-${number}`, environment));
        await Promise.all([remove(environment!), remove(registry!, "2025-11-01"), remove(identity!, "2023-01-31")]);
      });
    }, LIMIT_MS);
  });
});
