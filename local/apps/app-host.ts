import { ArmError } from "../arm/errors.ts";
import type { AppHost, ArmDocument } from "../arm/hosts.ts";
import type { DocumentStore } from "../document-store.ts";
import type { Environments } from "../environments/environment-host.ts";
import type { Route } from "../ingress/route.ts";
import type { ImageSource } from "../registry/registry-host.ts";
import { App, type AppContext } from "./app.ts";
import { systemClock, type Clock, type Timer } from "./clock.ts";
import { replicaDocument, revisionDocument } from "./documents.ts";
import type { Engine } from "./engine.ts";
import { sendProbe, type SendProbe } from "./probe-request.ts";
import { lookAtContainers } from "./reconcile.ts";
import { recordsOf, storedApps } from "./records.ts";
import { lastLines, LOG_NAME, replicaLogs } from "./replica-logs.ts";
import { routeOf } from "./routes.ts";
import type { ShareOf } from "./volumes.ts";

export interface RunningApps {
  /** Finds the containers of a former daemon and goes on where it was; resolves when the routes work again. */
  start(): Promise<void>;
  /** Lets go of everything; containers go on running. */
  close(): void;
  /** `undefined` for a name that no app has. @param host without port, lower case */
  routeOf(host: string): Route | undefined;
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
  log?: (line: string) => void;
}): AppHost & RunningApps {
  const { store, engine, clock = systemClock, log = () => undefined } = options;
  const logs = replicaLogs(options.logFolder);
  const context: AppContext = { sendProbe, shareOf: () => undefined, ...options, clock, logs };
  const apps = new Map<string, App>();
  let watcher: { close(): void } | undefined;
  let nextLook: Timer | undefined;
  let closed = false;

  const find = (id: string): App => {
    const app = apps.get(id.toLowerCase());
    if (!app) throw new ArmError("ResourceNotFound", `The container app '${id}' was not found.`, 404);
    return app;
  };
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
    routeOf(host) {
      for (const app of apps.values()) {
        const route = routeOf(app, host);
        if (route) return route;
      }
      return undefined;
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
      if (!LOG_NAME.test(revisionName) || !LOG_NAME.test(replicaName)) {
        throw new ArmError("ResourceNotFound", `The replica '${replicaName}' of the revision '${revisionName}' was not found.`, 404);
      }
      const replica = apps.get(appId.toLowerCase())?.revision(revisionName)?.all().find(({ name }) => name === replicaName);
      const lines = Math.min(MOST_TAIL_LINES, Math.max(1, tailLines));
      const present = replica?.container ? await engine.logs(replica.container.id, lines) : "";
      return lastLines(logs.read(appId, revisionName, replicaName) + present, lines);
    },
    activateRevision: (appId, name) => find(appId).activateRevision(name),
    deactivateRevision: (appId, name) => find(appId).deactivateRevision(name),
    restartRevision: (appId, name) => find(appId).restartRevision(name),
  };
}
