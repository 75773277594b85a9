import { notEmulated } from "../arm/errors.ts";
import type { ArmDocument, AppStatus } from "../arm/hosts.ts";
import type { Environments } from "../environments/environment-host.ts";
import type { Faults } from "../faults/faults.ts";
import type { ImageSource } from "../registry/registry-host.ts";
import { admitImage, pullImage } from "./admission.ts";
import { Changes } from "./changes.ts";
import type { Clock } from "./clock.ts";
import { containerSpec } from "./container-spec.ts";
import type { Engine, KnownContainer } from "./engine.ts";
import { failingWhile } from "./failing-probes.ts";
import { environmentVariables } from "./environment-variables.ts";
import { hostName, revisionHash, revisionName } from "./names.ts";
import type { SendProbe } from "./probe-request.ts";
import type { AppRecord, AppRecords, RevisionRecord } from "./records.ts";
import type { ReplicaLogs } from "./replica-logs.ts";
import { Revision } from "./revision.ts";
import { sameTemplate } from "./same-template.ts";
import { sharesOf, WeightedTurns, type Share } from "./shares.ts";
import { environmentIdOf, ingressOf, isMultiple, planOf, propertiesOf, trafficOf, type Plan, type Template } from "./template.ts";
import { nextStable, nextTraffic } from "./traffic.ts";
import { turns } from "./turns.ts";
import type { ShareOf } from "./volumes.ts";

export interface AppContext {
  instance: string;
  engine: Engine;
  clock: Clock;
  sendProbe: SendProbe;
  registries: ImageSource;
  environments: Environments;
  logs: ReplicaLogs;
  faults: Faults;
  shareOf: ShareOf;
}

/** Azure docs, "Quotas": inactive revisions kept unless `maxInactiveRevisions` says otherwise. */
const INACTIVE_REVISIONS_KEPT = 100;
/** Of an app that is deleted; a client waits for it. */
const REMOVAL_GRACE_SECONDS = 5;

/** One container app: its revisions, and which of them have the traffic. */
export class App {
  readonly records: AppRecords;
  readonly #context: AppContext;
  record: AppRecord;
  #revisions: Revision[] = [];
  #removed = false;
  readonly #changes = new Changes();
  readonly #inTurn = turns();
  readonly #requests = new WeightedTurns();

  constructor(record: AppRecord, records: AppRecords, context: AppContext) {
    this.record = record;
    this.records = records;
    this.#context = context;
    this.#revisions = records.revisions().map((each) => this.#revisionOf(each));
  }

  get document(): ArmDocument {
    return this.record.document;
  }

  get revisions(): readonly Revision[] {
    return this.#revisions;
  }

  get serving(): Revision | undefined {
    return this.revision(this.record.serving);
  }

  get shares(): Share[] {
    return sharesOf(trafficOf(this.document), this.record.serving, (name) => this.revision(name)?.record.everReady ?? false);
  }

  /** The revision for one request: the one it waits for already, as long as that has a share of the traffic. */
  revisionFor(previous: Revision | undefined): Revision | undefined {
    const { shares } = this;
    if (previous && shares.some(({ servedBy, weight }) => servedBy === previous.name && weight > 0)) return previous;
    return this.revision(this.#requests.next(shares));
  }

  get domain(): string {
    return this.#context.environments.defaultDomainOf(environmentIdOf(this.document)) ?? "";
  }

  revision(name: string | undefined): Revision | undefined {
    return this.#revisions.find((each) => each.name === name);
  }

  apply(document: ArmDocument): Promise<void> {
    return this.#inTurn(() => this.#apply(document));
  }

  recover(containers: KnownContainer[]): Promise<void> {
    return this.#inTurn(async () => {
      const active = this.#revisions.filter(({ record }) => record.active);
      await Promise.all(active.map((revision) => revision.recover(containers.filter(({ revision: name }) => name === revision.name))));
      this.#noticed();
    });
  }

  activateRevision(name: string): Promise<void> {
    return this.#inTurn(async () => {
      const revision = this.revision(name);
      if (!revision || revision.record.active) return;
      if (!isMultiple(this.document) && name !== this.record.latest) throw notEmulated("activating a revision other than the latest in Single mode");
      await revision.activate(this.#firstCount(revision.plan));
      this.#noticed();
    });
  }

  deactivateRevision(name: string): Promise<void> {
    return this.#inTurn(async () => {
      void this.revision(name)?.deactivate();
      this.#noticed();
    });
  }

  restartRevision(name: string): Promise<void> {
    return this.#inTurn(async () => {
      const revision = this.revision(name);
      if (revision?.record.active) await revision.replaceAll();
    });
  }

  /** Resolves when nothing of it is left. */
  remove(): Promise<void> {
    return this.#inTurn(async () => {
      this.record.serving = undefined;
      this.#changes.tell();
      await Promise.all(this.#revisions.map((revision) => revision.deactivate(0, Math.min(REMOVAL_GRACE_SECONDS, revision.plan.graceSeconds))));
      this.#removed = true;
      this.#revisions = [];
      this.#context.logs.removeApp(this.document.id);
      this.records.deleteAll();
    });
  }

  release(): void {
    for (const revision of this.#revisions) revision.release();
    this.#changes.tell();
  }

  status(): AppStatus {
    const { latest, latestReady } = this.record;
    const ingress = ingressOf(this.document);
    const stopped = this.#revisions.every(({ record }) => !record.active);
    return {
      ...(latest && { latestRevisionName: latest }),
      ...(latestReady && { latestReadyRevisionName: latestReady }),
      ...(latest && ingress && { latestRevisionFqdn: hostName(latest, this.domain, ingress.external === true) }),
      runningStatus: this.serving ? "Running" : stopped && latest ? "Stopped" : "Progressing",
    };
  }

  /** Resolves at the next change of anything, or after the limit. */
  nextChange(limitMs: number): Promise<void> {
    return this.#changes.next(limitMs, this.#context.clock);
  }

  async #apply(document: ArmDocument): Promise<void> {
    const template = propertiesOf(document).template ?? {};
    const latest = this.revision(this.record.latest);
    const name = revisionName(document.name, template.revisionSuffix);
    // A suffix that was used before makes no revision either; on Azure the operation succeeds all the same.
    if ((latest && sameTemplate(latest.record.template, template)) || this.revision(name)) {
      this.#keep({ ...this.record, document });
      await Promise.all(this.#revisions.map((revision) => revision.appChanged()));
      return this.#noticed();
    }
    await this.#admit(document, template, name);
    this.#keep({ ...this.record, document, latest: name });
    const revision = this.#revisionOf({
      name,
      hash: revisionHash(),
      createdAt: this.#timeOfCreation(),
      template,
      active: true,
      everReady: false,
      wanted: 0,
      replicas: [],
    });
    this.#revisions.push(revision);
    await revision.activate(this.#firstCount(revision.plan));
    this.#noticed();
  }

  /** Everything that can refuse a revision, before there is one. */
  async #admit(document: ArmDocument, template: Template, name: string): Promise<void> {
    const { engine, registries } = this.#context;
    const plan = planOf(document, template);
    environmentVariables({ app: document, plan, revision: name, replica: name, domain: this.domain });
    const denied = this.#context.faults.take("pull-denied", document.name) !== undefined;
    await admitImage({ denied, app: document, container: plan.container.name, image: plan.container.image, registries, engine });
  }

  /** Azure docs, "Revisions": in Single mode a new one is scaled up to the count of the one before, within its own limits. */
  #firstCount({ scale }: Plan): number {
    const before = isMultiple(this.document) ? 0 : (this.serving?.record.wanted ?? 0);
    return Math.min(scale.max, Math.max(1, scale.min, before));
  }

  /** Later than that of every revision, so that their order is the order of creation. */
  #timeOfCreation(): string {
    const last = this.#revisions.at(-1)?.record.createdAt;
    return new Date(Math.max(this.#context.clock.now(), last ? Date.parse(last) + 1 : 0)).toISOString();
  }

  #revisionOf(record: RevisionRecord): Revision {
    const { instance, engine, clock, sendProbe, registries, environments, logs, faults, shareOf } = this.#context;
    return new Revision(record, {
      engine,
      clock,
      sendProbe: failingWhile(() => faults.find("never-ready", this.document.name), record.createdAt, sendProbe),
      plan: () => planOf(this.document, record.template),
      specOf: async (plan, replica) => {
        const membership = await environments.membershipOf(environmentIdOf(this.document));
        return containerSpec({ instance, app: this.document, plan, revision: record.name, replica, domain: this.domain, membership, shareOf });
      },
      pull: () => pullImage({ app: this.document, image: record.template.containers?.[0]?.image ?? "", registries, engine }),
      keepLog: (replica, text) => logs.append(this.document.id, record.name, replica, text),
      save: (changed) => void (this.revision(changed.name) && this.records.putRevision(changed)),
      changed: () => this.#noticed(),
    });
  }

  /** Moves the traffic, and tells those who wait for it. */
  #noticed(): void {
    if (this.#removed) return;
    const facts = this.#revisions.map((revision) => ({ name: revision.name, active: revision.record.active, ready: revision.ready }));
    const { serving, deactivate } = (isMultiple(this.document) ? nextStable : nextTraffic)(facts, this.record.serving);
    if (serving !== this.record.serving) this.#keep({ ...this.record, serving, ...(serving && { latestReady: serving }) });
    for (const name of deactivate) void this.revision(name)?.deactivate();
    this.#forgetOld();
    this.#changes.tell();
  }

  #forgetOld(): void {
    const kept = propertiesOf(this.document).configuration?.maxInactiveRevisions ?? INACTIVE_REVISIONS_KEPT;
    const named = new Set([this.record.latest, ...this.shares.map(({ revision }) => revision)]);
    const inactive = this.#revisions.filter(({ record }) => !record.active && !named.has(record.name));
    const old = inactive.slice(0, Math.max(0, inactive.length - kept)).filter((revision) => revision.all().length === 0);
    for (const { name } of old) {
      this.#revisions = this.#revisions.filter((each) => each.name !== name);
      this.records.deleteRevision(name);
      this.#context.logs.removeRevision(this.document.id, name);
    }
  }

  #keep(record: AppRecord): void {
    this.record = record;
    if (!this.#removed) this.records.putApp(record);
  }
}
