import { ArmError } from "../arm/errors.ts";
import type { AppHost, ArmDocument } from "../arm/hosts.ts";
import type { DocumentStore } from "../document-store.ts";
import type { Environments } from "../environments/environment-host.ts";
import { openFaults, type Faults } from "../faults/faults.ts";
import type { Route } from "../ingress/route.ts";
import type { ImageSource } from "../registry/registry-host.ts";
import { App, type AppContext } from "./app.ts";
import { systemClock, type Clock, type Timer } from "./clock.ts";
import { replicaDocument, revisionDocument } from "./documents.ts";
import type { Engine } from "./engine.ts";
import { followReplica } from "./log-follow.ts";
import { sendProbe, type SendProbe } from "./probe-request.ts";
import { lookAtContainers } from "./reconcile.ts";
import { recordsOf, storedApps } from "./records.ts";
import type { Replica } from "./replica.ts";
import { lastLines, LOG_NAME, replicaLogs } from "./replica-logs.ts";
import { routeOf, targetRoute, type RouteTarget } from "./routes.ts";
import { environmentIdOf } from "./template.ts";
import type { ShareOf } from "./volumes.ts";

export interface RunningApps {
  /** Finds the containers of a former daemon and goes on where it was; resolves when the routes work again. */
  start(): Promise<void>;
  /** Lets go of everything; containers go on running. */
  close(): void;
  /** `undefined` for a name that no app has. @param host without port, lower case @param environmentId where the client is */
  routeOf(host: string, environmentId?: string): Route | undefined;
  /** `undefined` when the environment has no such app, or that has no ingress. */
  targetOf(environmentId: string, target: RouteTarget): Route | undefined;
}

/** Azure docs, "View log streams": 1 to 300 lines, 20 by default. */
const DEFAULT_TAIL_LINES = 20;
const MOST_TAIL_LINES = 300;
/** How often all containers are looked at, for what no event told. */
const LOOK_EVERY_MS = 5_000;

export function createAppHost(options: {
  instance: string;
  store: DocumentStore;
  engine: Engine;
  registries: ImageSource;
  environments: Environments;
  /** @default an environment without storages */
  shareOf?: ShareOf;
  /** Folder of the logs of dead containers. */
  logFolder: string;
  clock?: Clock;
  sendProbe?: SendProbe;
  /** @default none that is on */
  faults?: Faults;
  log?: (line: string) => void;
}): AppHost & RunningApps {
  const { store, engine, clock = systemClock, log = () => undefined } = options;
  const logs = replicaLogs(options.logFolder);
  const context: AppContext = { sendProbe, faults: openFaults(), shareOf: () => undefined, ...options, clock, logs };
  const apps = new Map<string, App>();
  let watcher: { close(): void } | undefined;
  let nextLook: Timer | undefined;
  let closed = false;

  const find = (id: string): App => {
    const app = apps.get(id.toLowerCase());
    if (!app) throw new ArmError("ResourceNotFound", `The container app '${id}' was not found.`, 404);
    return app;
  };
  /** @throws ArmError 404 for a name that no revision or replica can have: names become paths */
  const replicaOf = (appId: string, revisionName: string, replicaName: string): Replica | undefined => {
    if (!LOG_NAME.test(revisionName) || !LOG_NAME.test(replicaName)) throw replicaNotFound(revisionName, replicaName);
    return apps.get(appId.toLowerCase())?.revision(revisionName)?.all().find(({ name }) => name === replicaName);
  };
  const linesWanted = (tailLines: number) => Math.min(MOST_TAIL_LINES, Math.max(1, tailLines));
  const look = async (): Promise<void> => {
    await lookAtContainers({ engine, apps: [...apps.values()], logs }).catch((error: Error) => log(`looking at the containers failed: ${error.message}`));
    if (!closed) nextLook = clock.after(LOOK_EVERY_MS, () => void look());
  };

  return {
    async start() {
      for (const record of storedApps(store)) apps.set(record.document.id.toLowerCase(), new App(record, recordsOf(store, record.document.id), context));
      watcher = engine.watch(({ id, replica }) => {
        for (const app of apps.values()) {
          for (const each of app.revisions.flatMap((revision) => revision.all())) if (each.name === replica) void each.containerEnded(id);
        }
      });
      const containers = await engine.list();
      await Promise.all([...apps.values()].map((app) => app.recover(containers.filter((each) => each.app.toLowerCase() === app.document.id.toLowerCase()))));
      void look();
    },
    close() {
      closed = true;
      nextLook?.cancel();
      watcher?.close();
      for (const app of apps.values()) app.release();
    },
    routeOf(host, environmentId) {
      for (const app of apps.values()) {
        const route = routeOf(app, host, environmentId);
        if (route) return route;
      }
      return undefined;
    },
    targetOf(environmentId, target) {
      const named = [...apps.values()].find(
        ({ document }) => document.name === target.containerApp.toLowerCase() && environmentIdOf(document).toLowerCase() === environmentId.toLowerCase(),
      );
      return named && targetRoute(named, target);
    },

    async apply(document) {
      const key = document.id.toLowerCase();
      const app = apps.get(key) ?? new App({ document }, recordsOf(store, document.id), context);
      apps.set(key, app);
      await app.apply(document);
    },
    async remove(appId) {
      const app = apps.get(appId.toLowerCase());
      await app?.remove();
      apps.delete(appId.toLowerCase());
    },
    status: (appId) => apps.get(appId.toLowerCase())?.status() ?? { runningStatus: "Progressing" },
    revisions(appId) {
      const app = apps.get(appId.toLowerCase());
      const weightOf = (name: string) => app?.shares.filter(({ revision }) => revision === name).reduce((sum, { weight }) => sum + weight, 0) ?? 0;
      return app ? app.revisions.map((revision): ArmDocument => revisionDocument(app.document, revision, app.domain, weightOf(revision.name))) : [];
    },
    replicas(appId, revisionName) {
      const app = apps.get(appId.toLowerCase());
      const revision = app?.revision(revisionName);
      return app && revision ? revision.live().map((replica) => replicaDocument(app.document, revision, replica)) : [];
    },
    async logs(appId, revisionName, replicaName, _container, tailLines = DEFAULT_TAIL_LINES) {
      const replica = replicaOf(appId, revisionName, replicaName);
      const lines = linesWanted(tailLines);
      const present = replica?.container ? await engine.logs(replica.container.id, lines) : "";
      return lastLines(logs.read(appId, revisionName, replicaName) + present, lines);
    },
    followLogs(appId, revisionName, replicaName, _container, tailLines, signal) {
      const replica = replicaOf(appId, revisionName, replicaName);
      if (!replica) throw replicaNotFound(revisionName, replicaName);
      const app = find(appId);
      const kept = logs.read(appId, revisionName, replicaName);
      return followReplica({ replica, engine, kept, tailLines: linesWanted(tailLines), nextChange: (limitMs) => app.nextChange(limitMs), signal });
    },
    activateRevision: (appId, name) => find(appId).activateRevision(name),
    deactivateRevision: (appId, name) => find(appId).deactivateRevision(name),
    restartRevision: (appId, name) => find(appId).restartRevision(name),
  };
}

const replicaNotFound = (revision: string, replica: string): ArmError =>
  new ArmError("ResourceNotFound", `The replica '${replica}' of the revision '${revision}' was not found.`, 404);
