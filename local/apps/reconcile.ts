import type { App } from "./app.ts";
import type { Engine } from "./engine.ts";
import type { ReplicaLogs } from "./replica-logs.ts";

/** Of a container without an owner, how many lines of its log are kept. */
const LOG_LINES = 5000;

/**
 * Compares the engine's containers with the replicas that there should be. A replica whose container has ended or gone is told; a
 * container that no replica has (any more) is removed, its log kept; so are volumes that were a replica's own.
 */
export async function lookAtContainers({ engine, apps, logs }: { engine: Engine; apps: App[]; logs: ReplicaLogs }): Promise<void> {
  const replicas = () => apps.flatMap((app) => app.revisions.flatMap((revision) => revision.all()));
  // Asked before the list: a container that was started since is in no list, and not therefore gone.
  const attached = replicas().flatMap((replica) => (replica.container ? [{ replica, id: replica.container.id }] : []));
  const containers = await engine.list();
  const withVolumes = await engine.replicasWithVolumes();
  const running = new Set(containers.filter((each) => each.running).map(({ id }) => id));
  for (const { replica, id } of attached) if (!running.has(id)) await replica.containerEnded(id);

  const known = new Map(replicas().map((replica) => [replica.name, replica]));
  for (const { id, app, revision, replica: name } of containers) {
    const replica = known.get(name);
    if (replica && (replica.phase !== "running" || replica.container?.id === id)) continue;
    if (apps.some(({ document }) => document.id.toLowerCase() === app.toLowerCase())) logs.append(app, revision, name, await engine.logs(id, LOG_LINES));
    await engine.remove(id);
  }
  for (const name of withVolumes) if (!known.has(name)) await engine.removeVolumes(name);
}
