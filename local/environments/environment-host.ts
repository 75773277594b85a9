import { createHash } from "node:crypto";
import type Docker from "dockerode";
import { ArmError } from "../arm/errors.ts";
import type { ArmDocument, EnvironmentHost } from "../arm/hosts.ts";
import type { DocumentStore } from "../document-store.ts";
import { LABELS } from "../labels.ts";
import { newDefaultDomain } from "./default-domain.ts";
import { mtuOption, networkMtu } from "./network-mtu.ts";

/** What the app host and the ingress need of environments. */
export interface Environments {
  /** Name of the environment's network; made again if somebody removed it. @throws ArmError when there is no such environment */
  networkOf(environmentId: string): Promise<string>;
  /** `undefined` when there is no such environment. */
  defaultDomainOf(environmentId: string): string | undefined;
}

interface Kept {
  id: string;
  network: string;
  defaultDomain: string;
}

/** Everything an environment has listens on loopback. */
const STATIC_IP = "127.0.0.1";

/** Gives each environment a Docker network of its own, in which its replicas see each other and nobody else's. */
export function createEnvironmentHost(options: { instance: string; store: DocumentStore; docker: Docker }): EnvironmentHost & Environments {
  const { instance, store, docker } = options;
  const keyOf = (id: string) => `environments/${id.toLowerCase()}`;
  const all = () => store.list<Kept>("environments/").map(({ value }) => value);
  const pending = new Map<string, Promise<void>>();

  const find = async (id: string) =>
    (await docker.listNetworks({ filters: { label: [`${LABELS.instance}=${instance}`, `${LABELS.environment}=${id.toLowerCase()}`] } }))[0];

  const ensure = async (kept: Kept): Promise<void> => {
    if (await find(kept.id)) return;
    const mtu = await networkMtu(docker);
    await docker
      .createNetwork({
        Name: kept.network,
        CheckDuplicate: true,
        Labels: { [LABELS.instance]: instance, [LABELS.environment]: kept.id.toLowerCase() },
        Options: mtuOption(mtu),
      })
      .catch((error: Error) => {
        throw new ArmError("EnvironmentNetworkFailed", `The Docker engine could not make the network ${kept.network}: ${error.message}. To see the networks there are: docker network ls`, 500);
      });
  };
  const ensureOnce = (kept: Kept): Promise<void> => {
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

  return {
    async start(environment) {
      const kept = store.get<Kept>(keyOf(environment.id)) ?? newlyKept(environment);
      store.put(keyOf(environment.id), kept);
      await ensureOnce(kept);
      return { defaultDomain: kept.defaultDomain, staticIp: STATIC_IP };
    },
    async remove(environmentId) {
      const network = await find(environmentId);
      if (network) await docker.getNetwork(network.Id).remove();
      store.delete(keyOf(environmentId));
    },
    async networkOf(environmentId) {
      const kept = store.get<Kept>(keyOf(environmentId));
      if (!kept) throw new ArmError("ManagedEnvironmentNotProvisioned", `The environment '${environmentId}' has not been provisioned successfully.`);
      await ensureOnce(kept);
      return kept.network;
    },
    defaultDomainOf: (environmentId) => store.get<Kept>(keyOf(environmentId))?.defaultDomain,
  };
}
