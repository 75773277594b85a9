import { HEALTHY_AFTER_MS, restartDelay } from "./backoff.ts";
import type { Clock, Timer } from "./clock.ts";
import { EngineError, type ContainerSpec, type ContainerState, type Engine } from "./engine.ts";
import { listeningOf } from "./listening.ts";
import { OpenRequests } from "./open-requests.ts";
import type { ProbeLoop } from "./probe-loop.ts";
import type { SendProbe } from "./probe-request.ts";
import { cannotStartProblem, endedProblem } from "./problems.ts";
import type { ReplicaRecord } from "./records.ts";
import { startProbes } from "./replica-probes.ts";
import type { ReplicaFacts } from "./revision-state.ts";
import type { Plan } from "./template.ts";

export interface ReplicaContext {
  engine: Engine;
  clock: Clock;
  sendProbe: SendProbe;
  plan: Plan;
  specOf(replica: string): Promise<ContainerSpec>;
  /** Gets the image onto the engine again, when somebody removed it from there. */
  pull(): Promise<void>;
  /** Keeps what a container wrote before the container goes. */
  keepLog(replica: string, text: string): void;
  /** Something that others look at has changed. */
  changed(): void;
}

/** Lines of a dead container's log that are read; the kept file is limited in bytes. */
const LOG_LINES = 5000;
/** Exit code after SIGKILL. */
const KILLED = 137;
/** The engine takes this long at most to remove a container that it has killed. */
const REMOVAL_MS = 300;

/**
 * One replica: a container that is started, probed, and replaced by a new one under the same name whenever it ends or its probes
 * give it up, until `stop`. As on Azure, a replacement begins with a fresh file system.
 */
export class Replica {
  readonly record: ReplicaRecord;
  readonly #context: ReplicaContext;
  phase: "starting" | "running" | "waiting" | "stopping" | "gone" = "waiting";
  /** Counts towards its revision no more: it finishes its requests and ends. */
  leaving = false;
  readonly requests = new OpenRequests();
  container: ContainerState | undefined;

  #problem: string | undefined;
  /** Ends in a row, each before a long healthy run. */
  #crashes = 0;
  #startupExhausted = false;
  /** The container is being ended because of its probes: its end is then no news. */
  #givenUp = false;
  #probes: ProbeLoop | undefined;
  #timer: Timer | undefined;
  #starting: Promise<void> = Promise.resolve();
  #endedWhileStarting = new Set<string>();
  #stopping: Promise<void> | undefined;

  constructor(record: ReplicaRecord, context: ReplicaContext) {
    this.record = record;
    this.#context = context;
  }

  get name(): string {
    return this.record.name;
  }

  get ready(): boolean {
    return this.phase === "running" && this.record.ready;
  }

  /** Port on 127.0.0.1 behind which it serves its ingress. */
  get port(): number | undefined {
    const { targetPort } = this.#context.plan;
    return targetPort === undefined ? undefined : this.container?.ports[targetPort];
  }

  facts(): ReplicaFacts {
    return {
      started: this.record.started,
      ready: this.ready,
      crashes: this.#crashes,
      startupExhausted: this.#startupExhausted,
      ...(this.#problem !== undefined && { problem: this.#problem }),
    };
  }

  /** Resolves when the container runs, or when it could not be started (and will be tried again). */
  start(): Promise<void> {
    this.phase = "starting";
    this.#tell(false, false);
    this.#starting = this.#run().then(
      (container) => (this.phase === "starting" ? this.#attach(container, { started: false, ready: false }) : this.#discard(container.id)),
      (error: Error) => {
        if (this.phase !== "starting") return;
        this.#crashes += 1;
        this.#await(cannotStartProblem(this.#context.plan.container.name, error.message));
      },
    );
    return this.#starting;
  }

  /** Takes over a container that a former daemon started, in the state it was left in. */
  adopt(container: ContainerState): void {
    this.#attach(container, { ...this.record });
  }

  /** The container with this id has ended, or is gone. Told by events and by looking; told twice does no harm. */
  async containerEnded(id: string): Promise<void> {
    if (this.phase === "starting") this.#endedWhileStarting.add(id);
    const { container } = this;
    if (this.phase !== "running" || container?.id !== id) return;
    this.#probes?.stop();
    this.container = undefined;
    this.phase = "waiting";
    this.#tell(false, false);
    const { clock, plan } = this.#context;
    const state = await this.#lastState(id);
    await this.#discard(id);
    if ((this.phase as string) !== "waiting") return;
    if (clock.now() - container.startedAt >= HEALTHY_AFTER_MS) this.#crashes = 0;
    // One that somebody removed has not crashed.
    if (state) this.#crashes += 1;
    this.#await(this.#givenUp ? undefined : endedProblem(plan.container.name, state, `${plan.container.memoryBytes / 2 ** 30}Gi`));
  }

  /** Ends it for good: the requests it has are finished (at most `drainMs`), then SIGTERM, the grace, SIGKILL. */
  stop(drainMs: number, graceSeconds = this.#context.plan.graceSeconds): Promise<void> {
    // Who comes later with less patience ends the wait for the requests.
    if (this.#stopping && drainMs === 0) this.requests.losePatience();
    return (this.#stopping ??= this.#stop(drainMs, graceSeconds));
  }

  async #stop(drainMs: number, graceSeconds: number): Promise<void> {
    if (this.phase === "gone") return;
    this.leaving = true;
    this.#timer?.cancel();
    await this.requests.drained(drainMs, this.#context.clock);
    this.phase = "stopping";
    this.#probes?.stop();
    await this.#starting;
    const { container } = this;
    if (container) {
      await this.#context.engine.stop(container.id, graceSeconds).catch(() => undefined);
      await this.#discard(container.id);
    }
    // What cannot be removed now is removed by the next look at all containers.
    if (this.#context.plan.volumes.length > 0) await this.#context.engine.removeVolumes(this.name).catch(() => undefined);
    this.container = undefined;
    this.phase = "gone";
  }

  /** Lets go without ending the container: the daemon stops, the container goes on. */
  release(): void {
    this.#probes?.stop();
    this.#timer?.cancel();
    this.phase = "gone";
  }

  async #run(): Promise<ContainerState> {
    const { engine, specOf, pull } = this.#context;
    const spec = await specOf(this.name);
    try {
      return await engine.run(spec);
    } catch (error) {
      if (!(error instanceof EngineError) || error.reason !== "image-missing") throw error;
      await pull();
      return engine.run(spec);
    }
  }

  #attach(container: ContainerState, known: { started: boolean; ready: boolean }): void {
    const { plan, clock, sendProbe, engine } = this.#context;
    this.container = container;
    this.phase = "running";
    this.#givenUp = false;
    const ended = !container.running || this.#endedWhileStarting.has(container.id);
    this.#endedWhileStarting.clear();
    if (ended) return void this.containerEnded(container.id);
    this.#probes = startProbes({
      plan,
      container,
      known,
      clock,
      send: sendProbe,
      listening: () => listeningOf(container.pid),
      events: {
        started: () => this.#tell(true, false),
        ready: (ready, problem) => {
          this.#problem = problem;
          if (ready) this.#startupExhausted = false;
          this.#tell(true, ready);
        },
        givenUp: (kind, problem) => {
          this.#givenUp = true;
          this.#problem = problem;
          if (kind === "Startup") this.#startupExhausted = true;
          this.#tell(this.record.started, false);
          // When the engine is away, the next look at all containers finds this one ended.
          engine.stop(container.id, plan.graceSeconds).then(() => this.containerEnded(container.id), () => undefined);
        },
      },
    });
  }

  /** Waits for the next start. */
  #await(problem: string | undefined): void {
    this.#problem = problem ?? this.#problem;
    this.phase = "waiting";
    if (!this.leaving) {
      this.#timer = this.#context.clock.after(restartDelay(this.#crashes), () => {
        this.record.restartCount += 1;
        void this.start();
      });
    }
    this.#context.changed();
  }

  #tell(started: boolean, ready: boolean): void {
    this.record.started = started;
    this.record.ready = ready;
    this.#context.changed();
  }

  /** `undefined` for a container that somebody has removed: that begins with a kill, so a killed one is looked at twice. */
  async #lastState(id: string): Promise<ContainerState | undefined> {
    const { engine, clock } = this.#context;
    const state = await engine.inspect(id).catch(() => undefined);
    if (state?.exitCode !== KILLED || state.outOfMemory) return state;
    await new Promise<void>((resolve) => void clock.after(REMOVAL_MS, resolve));
    return engine.inspect(id).catch(() => undefined);
  }

  /** What cannot be removed now is removed by the next look at all containers. */
  async #discard(id: string): Promise<void> {
    const { engine, keepLog } = this.#context;
    try {
      keepLog(this.name, await engine.logs(id, LOG_LINES));
      await engine.remove(id);
    } catch {
      return;
    }
  }
}
