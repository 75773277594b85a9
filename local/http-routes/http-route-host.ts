import { WeightedTurns, type Share } from "../apps/shares.ts";
import type { RouteTarget } from "../apps/routes.ts";
import type { ArmDocument, HttpRouteHost } from "../arm/hosts.ts";
import { parentIdOf } from "../arm/resource-id.ts";
import { NO_ROUTE, type Route } from "../ingress/route.ts";
import { followRoute, type HttpRoute } from "./matching.ts";

interface Rule {
  routes: HttpRoute[];
  targets: Array<RouteTarget & { weight?: number }>;
}

interface Served {
  config: ArmDocument;
  /** Of each rule: whose turn it is among its targets. */
  turns: WeightedTurns[];
}

/** Where apps are found by their environment and name. */
export interface TargetApps {
  targetOf(environmentId: string, target: RouteTarget): Route | undefined;
}

export interface HttpRoutes {
  /** @param host without port, lower case @param url path and query @returns undefined when no config has the name */
  routeOf(host: string, url: string): Route | typeof NO_ROUTE | undefined;
}

/** Leads requests by path to apps of the same environment, internal ones too; what the apps' own ingress asks for holds for their own addresses alone. */
export function createHttpRouteHost(apps: TargetApps): HttpRouteHost & HttpRoutes {
  const byHost = new Map<string, Served>();
  const rulesOf = ({ properties }: ArmDocument) => (properties["rules"] ?? []) as Rule[];

  const remove = (configId: string): void => {
    for (const [host, { config }] of byHost) if (config.id.toLowerCase() === configId.toLowerCase()) byHost.delete(host);
  };

  return {
    apply(config) {
      remove(config.id);
      byHost.set(String(config.properties["fqdn"]).toLowerCase(), { config, turns: rulesOf(config).map(() => new WeightedTurns()) });
    },
    remove,
    routeOf(host, url) {
      const served = byHost.get(host);
      if (!served) return undefined;
      for (const [index, { routes, targets }] of rulesOf(served.config).entries()) {
        for (const each of routes) {
          const asked = followRoute(each, url);
          if (asked === undefined) continue;
          const route = apps.targetOf(parentIdOf(served.config.id), choose(targets, served.turns[index]!));
          return route && { ...route, hostName: host, external: true, allowInsecure: false, addressRules: [], ...(asked !== url && { url: asked }) };
        }
      }
      return NO_ROUTE;
    },
  };
}

function choose(targets: Rule["targets"], turns: WeightedTurns): RouteTarget {
  if (targets.length === 1) return targets[0]!;
  const shares = targets.map(({ weight = 0 }, index): Share => ({ revision: undefined, weight, servedBy: String(index) }));
  return targets[Number(turns.next(shares) ?? 0)]!;
}
