import type { Lease } from "../ingress/route.ts";
import type { Clock, Timer } from "./clock.ts";
import type { ContainerSpec, Engine, KnownContainer } from "./engine.ts";
import { HttpScaler } from "./http-scaler.ts";
import { replicaName } from "./names.ts";
import type { SendProbe } from "./probe-request.ts";
import type { RevisionRecord } from "./records.ts";
import { Replica, type ReplicaContext } from "./replica.ts";
import { ReplicaChoice } from "./replica-choice.ts";
import { revisionState, type RevisionState } from "./revision-state.ts";
import type { Plan } from "./template.ts";

export interface RevisionContext {
  engine: Engine;
  clock: Clock;
  sendProbe: SendProbe;
  /** From the template and the app as it is now. */
  plan(): Plan;
  specOf(plan: Plan, replica: string): Promise<ContainerSpec>;
  pull(): Promise<void>;
  keepLog(replica: string, text: string): void;
  save(record: RevisionRecord): void;
  changed(): void;
}

/** Azure docs, "Ingress": a request ends after 240 s, so a replica that takes no new ones has none after that. */
const DRAIN_LIMIT_MS = 240_000;

/** A revision: as many replicas of one template as it should have now. */
export class Revision {
  readonly record: RevisionRecord;
  plan: Plan;
  readonly #context: RevisionContext;
  readonly #replicas = new Set<Replica>();
  /** Replicas that are being replaced: they serve until the new ones are ready. */
  readonly #outgoing = new Set<Replica>();
  #waking = false;
  readonly #choice = new ReplicaChoice();
  #lastRequestAt: number;
  #idleTimer: Timer | undefined;
  #saved = "";
  readonly #scaler: HttpScaler;

  constructor(record: RevisionRecord, context: RevisionContext) {
    this.record = record;
    this.#context = context;
    this.plan = context.plan();
    this.#lastRequestAt = context.clock.now();
    this.#scaler = new HttpScaler({
      clock: context.clock,
      scale: () => this.plan.scale,
      current: () => (record.active && record.everReady ? record.wanted : 0),
      open: () => this.live().reduce((sum, { requests }) => sum + requests.count, 0),
      scaleTo: (count) => void this.scaleTo(count),
    });
  }

  get name(): string {
    return this.record.name;
  }

  /** Every replica that still has a container, or is to have one. */
  all(): Replica[] {
    return [...this.#replicas];
  }

  live(): Replica[] {
    return this.all().filter((replica) => !replica.leaving);
  }

  /** All that it should have are ready; scaled to zero counts, once it was ready. */
  get ready(): boolean {
    return this.record.active && this.state().healthState === "Healthy";
  }

  state(): RevisionState {
    const replacing = [...this.#outgoing].some((replica) => replica.ready);
    const counted = this.live().filter((replica) => this.#outgoing.has(replica) === replacing);
    return revisionState({ ...this.record, maxReplicas: this.plan.scale.max, replicas: counted.map((replica) => replica.facts()) });
  }

  /** Resolves when the first start of every new replica has been tried. */
  async scaleTo(count: number): Promise<void> {
    this.record.wanted = count;
    const live = this.live().filter((replica) => !this.#outgoing.has(replica));
    const started = Array.from({ length: Math.max(0, count - live.length) }, () => this.#add().start());
    // The ready ones stay, and of these the newest.
    const surplus = live.sort((one, other) => Number(one.ready) - Number(other.ready)).slice(0, Math.max(0, live.length - count));
    for (const replica of surplus) this.#retire(replica);
    this.#noticed();
    await Promise.all(started);
  }

  /** Replaces every replica by a new one, which takes over when it is ready. */
  async replaceAll(): Promise<void> {
    this.plan = this.#context.plan();
    for (const replica of this.live()) this.#outgoing.add(replica);
    await this.scaleTo(this.record.wanted);
  }

  /** The app has changed. Replicas are replaced when they cannot serve it as they are; a new secret alone replaces none. */
  async appChanged(): Promise<void> {
    const next = this.#context.plan();
    const needs = ({ ports, targetPort, probes }: Plan) => JSON.stringify({ ports, targetPort, probes });
    const differs = needs(next) !== needs(this.plan);
    this.plan = next;
    if (differs && this.record.active) await this.replaceAll();
  }

  async activate(count: number): Promise<void> {
    this.record.active = true;
    this.#lastRequestAt = this.#context.clock.now();
    await this.scaleTo(count);
  }

  /** Takes no more requests from now on; resolves when the last container is gone. */
  async deactivate(drainMs = DRAIN_LIMIT_MS, graceSeconds?: number): Promise<void> {
    this.record.active = false;
    this.record.wanted = 0;
    this.record.lastActiveAt = new Date(this.#context.clock.now()).toISOString();
    this.#idleTimer?.cancel();
    this.#outgoing.clear();
    const ended = this.all().map((replica) => this.#retire(replica, drainMs, graceSeconds));
    this.#noticed();
    await Promise.all(ended);
  }

  /** Goes on from the record, with the containers that there are. */
  async recover(containers: KnownContainer[]): Promise<void> {
    // A request that comes before the first replica is looked at again waits for it.
    this.#waking = this.record.everReady;
    const found = this.record.replicas.map(async (kept) => {
      const replica = new Replica({ ...kept }, this.#replicaContext());
      this.#replicas.add(replica);
      const container = containers.find(({ replica: name }) => name === kept.name);
      const state = container && (await this.#context.engine.inspect(container.id));
      if (state) replica.adopt(state);
      else void replica.start();
    });
    await Promise.all(found);
    void this.scaleTo(this.record.wanted);
  }

  release(): void {
    this.#idleTimer?.cancel();
    this.#scaler.stop();
    for (const replica of this.#replicas) replica.release();
  }

  /** Gives one request to a ready replica, if there is one. @param tried replicas to be asked only when there is no other */
  lease(tried: ReadonlySet<object>): Lease | undefined {
    this.#lastRequestAt = this.#context.clock.now();
    const replica = this.#choice.of(this.live().filter((each) => each.ready), tried);
    if (replica?.port === undefined) return undefined;
    const lease = { replica, port: replica.port, ...replica.requests.began() };
    this.#scaler.came();
    return lease;
  }

  /** Starts it from zero if that is where it is. @returns whether it is worth waiting for a replica */
  wake(): boolean {
    if (!this.record.active || !this.record.everReady) return false;
    if (this.record.wanted === 0) {
      this.#waking = true;
      void this.scaleTo(Math.max(1, this.plan.scale.min));
    }
    return this.#waking && this.state().runningState !== "Failed";
  }

  #add(): Replica {
    const record = { name: replicaName(this.name, this.record.hash), createdAt: new Date(this.#context.clock.now()).toISOString(), started: false, ready: false, restartCount: 0 };
    const replica = new Replica(record, this.#replicaContext());
    this.#replicas.add(replica);
    return replica;
  }

  #replicaContext(): ReplicaContext {
    const { plan } = this;
    return { ...this.#context, plan, specOf: (replica) => this.#context.specOf(plan, replica), changed: () => this.#noticed() };
  }

  async #retire(replica: Replica, drainMs = DRAIN_LIMIT_MS, graceSeconds?: number): Promise<void> {
    await replica.stop(drainMs, graceSeconds);
    this.#replicas.delete(replica);
    this.#outgoing.delete(replica);
    this.#noticed();
  }

  #noticed(): void {
    const incoming = this.live().filter((replica) => !this.#outgoing.has(replica));
    if (this.#outgoing.size > 0 && incoming.length >= this.record.wanted && incoming.every((replica) => replica.ready)) {
      for (const replica of this.#outgoing) void this.#retire(replica);
      this.#outgoing.clear();
    }
    if (!this.record.everReady && this.record.wanted > 0 && this.ready) {
      this.record.everReady = true;
      this.#lastRequestAt = this.#context.clock.now();
    }
    if (this.#waking && this.live().some((replica) => replica.ready)) {
      this.#waking = false;
      this.#lastRequestAt = this.#context.clock.now();
    }
    this.#watchIdleness();
    this.#scaler.watch();
    this.#save();
    this.#context.changed();
  }

  /** With `minReplicas` 0: to zero after the cooldown without a request. */
  #watchIdleness(): void {
    const { clock } = this.#context;
    const { min, cooldownSeconds } = this.plan.scale;
    this.#idleTimer?.cancel();
    if (!this.record.active || !this.record.everReady || min > 0 || this.record.wanted === 0 || !this.ready) return;
    const look = () => {
      if (this.all().some((replica) => replica.requests.any)) this.#lastRequestAt = clock.now();
      const left = this.#lastRequestAt + Math.max(1, cooldownSeconds) * 1000 - clock.now();
      if (left <= 0) return void this.scaleTo(0);
      this.#idleTimer = clock.after(left, look);
    };
    look();
  }

  #save(): void {
    this.record.replicas = this.live().map(({ record }) => ({ ...record }));
    const text = JSON.stringify(this.record);
    if (text === this.#saved) return;
    this.#saved = text;
    this.#context.save(this.record);
  }
}
