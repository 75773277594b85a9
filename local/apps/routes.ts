import type { Lease, Route } from "../ingress/route.ts";
import type { App } from "./app.ts";
import { hostName, labelledName } from "./names.ts";
import type { Revision } from "./revision.ts";
import { environmentIdOf, ingressOf, type IngressSettings } from "./template.ts";

/** Azure docs, "Ingress": a request ends after 240 s; one that waits for its replica does too. */
const WAIT_LIMIT_MS = 240_000;

/**
 * Finds the route of a host name among an app's: its own address, those of its revisions and of their labels. Clients in its environment
 * may also use the app's bare name, and names with `internal.` of an app with external ingress.
 */
export function routeOf(app: App, host: string, environmentId?: string): Route | undefined {
  const ingress = ingressOf(app.document);
  if (!ingress || !host.startsWith(app.document.name)) return undefined;
  const { name: appName } = app.document;
  const external = ingress.external === true;
  const inside = environmentId !== undefined && environmentId.toLowerCase() === environmentIdOf(app.document).toLowerCase();
  const hosts = (name: string) => host === hostName(name, app.domain, external) || (inside && host === hostName(name, app.domain, false));
  const common = { app, ingress, reachable: external || inside };
  if (hosts(appName) || (inside && host === appName)) return route({ ...common, name: appName }, (previous) => app.revisionFor(previous));
  const labelled = app.shares.find(({ label }) => label && hosts(labelledName(appName, label)))?.revision;
  const revision = app.revisions.find(({ name, record }) => record.active && (name === labelled || hosts(name)));
  return revision && route({ ...common, name: revision.name }, () => app.revision(revision.name));
}

interface Asked {
  app: App;
  ingress: IngressSettings;
  reachable: boolean;
  /** Of the app or the revision. */
  name: string;
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
  const asked = { app, ingress, reachable: true, name: app.document.name };
  if (revision === undefined && label === undefined) return route(asked, (previous) => app.revisionFor(previous));
  return route(asked, () => {
    const name = revision ?? app.shares.find((share) => share.label === label)?.revision;
    const found = app.revision(name);
    return found?.record.active ? found : undefined;
  });
}

/** @param choose the revision for a request, which may wait for one already */
function route({ app, ingress, reachable, name }: Asked, choose: (previous: Revision | undefined) => Revision | undefined): Route {
  return {
    active: app.revisions.some(({ record }) => record.active),
    external: reachable,
    hostName: hostName(name, app.domain, ingress.external === true),
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
