import type { ContainerSpec, ContainerState, Engine } from "../../../local/apps/engine.ts";
import type { FakeClock } from "./fake-clock.ts";

interface Fake extends ContainerState {
  spec: ContainerSpec;
}

/** An engine in memory. Containers run until a test ends them or the app host stops them. */
export class FakeEngine implements Engine {
  readonly containers = new Map<string, Fake>();
  /** Labels, by name. */
  readonly volumes = new Map<string, Record<string, string>>();
  readonly pulled: string[] = [];
  /** Containers that were asked to stop, with the grace they were given. */
  readonly stopped: Array<{ replica: string; graceSeconds: number }> = [];
  /** What the next `run` fails with. */
  failRun: Error | undefined;
  #listeners = new Set<(container: { id: string; replica: string }) => void>();
  #count = 0;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  async pull(image: string): Promise<void> {
    this.pulled.push(image);
  }

  async run(spec: ContainerSpec): Promise<ContainerState> {
    const failure = this.failRun;
    this.failRun = undefined;
    if (failure) throw failure;
    this.#count += 1;
    const id = `c${this.#count}`;
    const ports = Object.fromEntries(spec.ports.map((port) => [port, 40_000 + this.#count]));
    const fake = { id, spec, running: true, exitCode: 0, outOfMemory: false, startedAt: this.#clock.now(), pid: 0, ports };
    this.containers.set(id, fake);
    for (const { name, labels } of spec.volumes) this.volumes.set(name, labels);
    return { ...fake };
  }

  async inspect(id: string): Promise<ContainerState | undefined> {
    const found = this.containers.get(id);
    return found && { ...found };
  }

  async stop(id: string, graceSeconds: number): Promise<void> {
    const found = this.containers.get(id);
    if (found) this.stopped.push({ replica: replicaOf(found), graceSeconds });
    this.end(id, 143);
  }

  async remove(id: string): Promise<void> {
    this.containers.delete(id);
  }

  async list() {
    return [...this.containers.values()].map((fake) => ({
      id: fake.id,
      running: fake.running,
      app: fake.spec.labels["toolwharf.app"]!,
      revision: fake.spec.labels["toolwharf.revision"]!,
      replica: replicaOf(fake),
    }));
  }

  async replicasWithVolumes(): Promise<string[]> {
    return [...this.volumes].filter(([, labels]) => labels["toolwharf.replica"]).map(([, labels]) => labels["toolwharf.replica"]!);
  }

  async removeVolumes(replica: string): Promise<void> {
    for (const [name, labels] of this.volumes) if (labels["toolwharf.replica"] === replica) this.volumes.delete(name);
  }

  async logs(id: string): Promise<string> {
    return this.containers.has(id) ? `log of ${id}\n` : "";
  }

  async *follow(id: string, _tailLines: number, _signal: AbortSignal): AsyncGenerator<Buffer> {
    yield Buffer.from(await this.logs(id));
  }

  watch(ended: (container: { id: string; replica: string }) => void): { close(): void } {
    this.#listeners.add(ended);
    return { close: () => void this.#listeners.delete(ended) };
  }

  /** The container's process ends. */
  end(id: string, exitCode: number): void {
    const found = this.containers.get(id);
    if (!found?.running) return;
    Object.assign(found, { running: false, exitCode });
    for (const listener of this.#listeners) listener({ id, replica: replicaOf(found) });
  }

  /** Ids of the running containers, of one revision if it is named. */
  running(revision?: string): string[] {
    return [...this.containers.values()].filter((fake) => fake.running && (!revision || fake.spec.labels["toolwharf.revision"] === revision)).map(({ id }) => id);
  }
}

const replicaOf = (fake: Fake): string => fake.spec.labels["toolwharf.replica"]!;
