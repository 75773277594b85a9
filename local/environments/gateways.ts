import { createHash } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { ensureGateway, removeGateway } from "./gateway/container.ts";
import { openDoors, type Doors, type Inside } from "./gateway/doors.ts";
import type { EnvironmentNetwork } from "./network.ts";

/** An environment as its gateway knows it. */
export interface Behind {
  id: string;
  network: string;
  labels: Record<string, string>;
}

/** The gateways' two sides: their containers, and the daemon's sockets that they speak to, a folder an environment in `socketsFolder`. */
export function createGateways({ docker, socketsFolder }: { docker: Docker; socketsFolder: string }) {
  const doors = new Map<string, Promise<Doors>>();
  const addresses = new Map<string, string>();
  let inside: Inside | undefined;
  const keyOf = (id: string) => id.toLowerCase();
  const nameOf = ({ network }: Pick<Behind, "network">) => `${network}-gateway`;
  const folderOf = (id: string) => join(socketsFolder, createHash("sha256").update(keyOf(id)).digest("hex").slice(0, 8));

  const openOnce = async (id: string): Promise<void> => {
    const key = keyOf(id);
    if (!inside || doors.has(key)) return;
    const opened = openDoors({ folder: folderOf(id), environmentId: id, gatewayAddress: () => addresses.get(key)!, inside });
    doors.set(key, opened);
    await opened.catch((error: Error) => {
      doors.delete(key);
      throw error;
    });
  };

  return {
    async ensure({ id, network, labels }: Behind, { id: networkId, gatewayAddress }: EnvironmentNetwork): Promise<void> {
      addresses.set(keyOf(id), gatewayAddress);
      mkdirSync(folderOf(id), { recursive: true, mode: 0o700 });
      await openOnce(id);
      await ensureGateway(docker, { name: nameOf({ network }), labels, network: { id: networkId, gatewayAddress }, sockets: folderOf(id) });
    },
    removeContainer: (behind: Pick<Behind, "network">) => removeGateway(docker, nameOf(behind)),
    async closeDoors(id: string): Promise<void> {
      await (await doors.get(keyOf(id)))?.close();
      doors.delete(keyOf(id));
      rmSync(folderOf(id), { recursive: true, force: true });
    },
    /** From now on doors are opened, for those who are ensured. */
    serve: (answering: Inside) => void (inside = answering),
    async close(): Promise<void> {
      inside = undefined;
      await Promise.all([...doors.values()].map(async (opened) => (await opened).close()));
    },
  };
}
