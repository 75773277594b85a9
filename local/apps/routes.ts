import type { Lease, Route } from "../ingress/route.ts";
import type { App } from "./app.ts";
import { hostName } from "./names.ts";
import { ingressOf, type IngressSettings } from "./template.ts";

/** Azure docs, "Ingress": a request ends after 240 s; one that waits for its replica does too. */
const WAIT_LIMIT_MS = 240_000;

/** Finds the route of a host name among an app's: its own address and those of its revisions. */
export function routeOf(app: App, host: string): Route | undefined {
  const ingress = ingressOf(app.document);
  if (!ingress || !host.startsWith(app.document.name)) return undefined;
  const external = ingress.external === true;
  if (host === hostName(app.document.name, app.domain, external)) return route(app, ingress, undefined);
  const revision = app.revisions.find(({ name, record }) => record.active && host === hostName(name, app.domain, external));
  return revision && route(app, ingress, revision.name);
}

function route(app: App, ingress: IngressSettings, revisionName: string | undefined): Route {
  return {
    active: app.revisions.some(({ record }) => record.active),
    external: ingress.external === true,
    allowInsecure: ingress.allowInsecure === true,
    addressRules: ingress.ipSecurityRestrictions ?? [],
    async lease(tried): Promise<Lease | undefined> {
      const until = Date.now() + WAIT_LIMIT_MS;
      for (;;) {
        // Looked up anew each time: the traffic may move while a request waits.
        const revision = revisionName === undefined ? app.serving : app.revision(revisionName);
        const lease = revision?.lease(tried);
        if (lease) return lease;
        if (!revision?.wake() || Date.now() >= until) return undefined;
        await app.nextChange(until - Date.now());
      }
    },
  };
}
