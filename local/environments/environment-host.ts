import { createHash } from "node:crypto";
import type Docker from "dockerode";
import type { NetworkInspectInfo } from "dockerode";
import { ArmError } from "../arm/errors.ts";
import type { ArmDocument, EnvironmentHost } from "../arm/hosts.ts";
import { environmentNotProvisioned } from "../arm/managed-environments/provisioned.ts";
import type { DocumentStore } from "../document-store.ts";
import { LABELS } from "../labels.ts";
import { newDefaultDomain } from "./default-domain.ts";
import { runningGateways } from "./gateway/container.ts";
import type { Inside } from "./gateway/doors.ts";
import { createGateways } from "./gateways.ts";
import { createNetwork, networkOf, type EnvironmentNetwork } from "./network.ts";

/** What the app host and the ingress need of environments. */
export interface Environments {
  /** What puts a container into the environment; made again if somebody removed it. @throws ArmError when there is no such environment */
  membershipOf(environmentId: string): Promise<Membership>;
  /** `undefined` when there is no such environment. */
  defaultDomainOf(environmentId: string): string | undefined;
}

export interface Membership {
  /** Name of the environment's network. */
  network: string;
  /** Address that knows the environment's names, and asks others for the rest. */
  nameServer: string;
  /** PEM file, on this machine, of the authority that signs the certificates of the environment's names. */
  authorityFile: string;
}

interface Kept {
  id: string;
  network: string;
  defaultDomain: string;
}

/** Everything an environment has listens on loopback. */
const STATIC_IP = "127.0.0.1";
const LOOK_EVERY_MS = 5_000;

/**
 * Gives each environment a Docker network of its own, in which its replicas see each other and nobody else's, and a gateway in it,
 * through which they reach the ingress.
 *
 * @param options.socketsFolder the gateways' sockets; a folder an environment
 */
export function createEnvironmentHost(options: { instance: string; store: DocumentStore; docker: Docker; socketsFolder: string; authorityFile: string; lookEveryMs?: number; log?: (line: string) => void }) {
  const { instance, store, docker, lookEveryMs = LOOK_EVERY_MS, log = () => undefined } = options;
  const keyOf = (id: string) => `environments/${id.toLowerCase()}`;
  const all = () => store.list<Kept>("environments/").map(({ value }) => value);
  const pending = new Map<string, Promise<EnvironmentNetwork>>();
  const removing = new Set<string>();
  const gateways = createGateways(options);
  let nextLook: NodeJS.Timeout | undefined;
  let closed = false;

  const labelsOf = (id: string) => ({ [LABELS.instance]: instance, [LABELS.environment]: id.toLowerCase() });
  const find = async (id: string): Promise<NetworkInspectInfo | undefined> => {
    const label = Object.entries(labelsOf(id)).map(([name, value]) => `${name}=${value}`);
    return (await docker.listNetworks({ filters: { label } }))[0];
  };

  const ensureNetwork = async (kept: Kept): Promise<EnvironmentNetwork> => {
    const present = await find(kept.id);
    const usable = present && networkOf(present);
    if (usable) return usable;
    if (present) await removeWithContainers(present.Id);
    await createNetwork(docker, kept.network, labelsOf(kept.id));
    const made = await find(kept.id);
    const network = made && networkOf(made);
    if (!network) throw new Error("it is not there");
    return network;
  };
  /** For a network without room for a gateway. The app host finds its containers gone and makes them anew. */
  const removeWithContainers = async (networkId: string): Promise<void> => {
    const { Containers } = (await docker.getNetwork(networkId).inspect()) as NetworkInspectInfo;
    for (const id of Object.keys(Containers ?? {})) await docker.getContainer(id).remove({ force: true, v: true });
    await docker.getNetwork(networkId).remove();
  };
  const ensure = async (kept: Kept): Promise<EnvironmentNetwork> => {
    try {
      const network = await ensureNetwork(kept);
      await gateways.ensure({ ...kept, labels: labelsOf(kept.id) }, network);
      return network;
    } catch (error) {
      throw new ArmError("EnvironmentNetworkFailed", `The Docker engine could not make the network ${kept.network} and its gateway: ${(error as Error).message}. To see the networks there are: docker network ls`, 500);
    }
  };
  const ensureOnce = (kept: Kept): Promise<EnvironmentNetwork> => {
    const key = keyOf(kept.id);
    const made = pending.get(key) ?? ensure(kept).finally(() => pending.delete(key));
    pending.set(key, made);
    return made;
  };

  const newlyKept = ({ id, name, location }: ArmDocument): Kept => {
    const plain = `toolwharf-${instance}-${name.toLowerCase()}`;
    const taken = all().some(({ network }) => network === plain);
    const suffix = createHash("sha256").update(id.toLowerCase()).digest("hex").slice(0, 6);
    return { id, network: taken ? `${plain}-${suffix}` : plain, defaultDomain: newDefaultDomain(location ?? "") };
  };
  /** A gateway that somebody removed or stopped comes back. */
  const look = async (): Promise<void> => {
    try {
      const running = await runningGateways(docker, instance);
      const missing = all().filter(({ id }) => !running.has(id.toLowerCase()));
      // Asked before each: while one is made, another may be removed.
      for (const kept of missing) if (!closed && !removing.has(keyOf(kept.id)) && store.get(keyOf(kept.id))) await ensureOnce(kept);
    } catch (error) {
      log(`looking at the gateways failed: ${(error as Error).message}`);
    }
    if (!closed) nextLook = setTimeout(() => void look(), lookEveryMs);
  };

  return {
    async start(environment: ArmDocument) {
      const kept = store.get<Kept>(keyOf(environment.id)) ?? newlyKept(environment);
      store.put(keyOf(environment.id), kept);
      await ensureOnce(kept);
      return { defaultDomain: kept.defaultDomain, staticIp: STATIC_IP };
    },
    async remove(environmentId: string) {
      const key = keyOf(environmentId);
      const kept = store.get<Kept>(key);
      removing.add(key);
      try {
        await pending.get(key)?.catch(() => undefined);
        if (kept) await gateways.removeContainer(kept);
        const network = await find(environmentId);
        if (network) await docker.getNetwork(network.Id).remove();
        await gateways.closeDoors(environmentId);
        store.delete(key);
      } finally {
        removing.delete(key);
      }
    },
    async membershipOf(environmentId: string): Promise<Membership> {
      const kept = store.get<Kept>(keyOf(environmentId));
      if (!kept) throw environmentNotProvisioned(environmentId);
      const { gatewayAddress } = await ensureOnce(kept);
      return { network: kept.network, nameServer: gatewayAddress, authorityFile: options.authorityFile };
    },
    defaultDomainOf: (environmentId: string) => store.get<Kept>(keyOf(environmentId))?.defaultDomain,

    /** Lets the environments' containers in, those of environments to come too, until closed. */
    async serve(answering: Inside): Promise<void> {
      gateways.serve(answering);
      await Promise.all(all().map((kept) => ensureOnce(kept).catch((error: Error) => log(error.message))));
      nextLook = setTimeout(() => void look(), lookEveryMs);
    },
    /** Gateways go on running and wait for the next daemon. */
    async close(): Promise<void> {
      closed = true;
      clearTimeout(nextLook);
      await Promise.allSettled(pending.values());
      await gateways.close();
    },
  } satisfies EnvironmentHost & Environments & Record<string, unknown>;
}
