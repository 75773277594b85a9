import type { Lease, Route } from "../ingress/route.ts";
import type { App } from "./app.ts";
import { hostName, labelledName } from "./names.ts";
import type { Revision } from "./revision.ts";
import { ingressOf, type IngressSettings } from "./template.ts";

/** Azure docs, "Ingress": a request ends after 240 s; one that waits for its replica does too. */
const WAIT_LIMIT_MS = 240_000;

/** Finds the route of a host name among an app's: its own address, those of its revisions and of their labels. */
export function routeOf(app: App, host: string): Route | undefined {
  const ingress = ingressOf(app.document);
  if (!ingress || !host.startsWith(app.document.name)) return undefined;
  const hosts = (name: string) => host === hostName(name, app.domain, ingress.external === true);
  const { name: appName } = app.document;
  if (hosts(appName)) return route(app, ingress, (previous) => app.revisionFor(previous));
  const labelled = app.shares.find(({ label }) => label && hosts(labelledName(appName, label)))?.revision;
  const revision = app.revisions.find(({ name, record }) => record.active && (name === labelled || hosts(name)));
  return revision && route(app, ingress, () => app.revision(revision.name));
}

/** What a rule of an http route config leads to: an app's serving revisions, or the one named or labelled. */
export interface RouteTarget {
  containerApp: string;
  revision?: string;
  label?: string;
}

/** The route to an app, or to one revision of it; without an ingress there is none. */
export function targetRoute(app: App, { revision, label }: RouteTarget): Route | undefined {
  const ingress = ingressOf(app.document);
  if (!ingress) return undefined;
  if (revision === undefined && label === undefined) return route(app, ingress, (previous) => app.revisionFor(previous));
  return route(app, ingress, () => {
    const name = revision ?? app.shares.find((share) => share.label === label)?.revision;
    const found = app.revision(name);
    return found?.record.active ? found : undefined;
  });
}

/** @param choose the revision for a request, which may wait for one already */
function route(app: App, ingress: IngressSettings, choose: (previous: Revision | undefined) => Revision | undefined): Route {
  return {
    active: app.revisions.some(({ record }) => record.active),
    external: ingress.external === true,
    allowInsecure: ingress.allowInsecure === true,
    addressRules: ingress.ipSecurityRestrictions ?? [],
    async lease(tried): Promise<Lease | undefined> {
      const until = Date.now() + WAIT_LIMIT_MS;
      let revision: Revision | undefined;
      for (;;) {
        // Looked up anew each time: the traffic may move while a request waits.
        revision = choose(revision);
        const lease = revision?.lease(tried);
        if (lease) return lease;
        if (!revision?.wake() || Date.now() >= until) return undefined;
        await app.nextChange(until - Date.now());
      }
    },
  };
}
