import type { app } from "@pulumi/azure-native/types/input.js";
import { appName, claimOf, endpointUrl } from "./naming.ts";

/** A tool that a path leads to. */
export interface RoutedTool {
  group: string;
  name: string;
}

/** What Azure says of a route config, as far as it is read. */
export interface RouteState {
  fqdn?: string;
  rules?: ReadonlyArray<{ routes?: ReadonlyArray<{ match?: { path?: string } }> }>;
}

/** `/<group>/<name>`. */
const routePath = ({ group, name }: RoutedTool): string => `/${claimOf(group, name)}`;

/**
 * A rule for each tool: its path, and all below it, without that path. Two routes each, because Azure's ingress replaces a prefix
 * letter for letter (Envoy's documentation of `prefix_rewrite`): one route with `/a` rewritten to `/` would ask for `//b` at `/a/b`.
 */
export function routeRules(tools: readonly RoutedTool[]): app.HttpRouteRuleArgs[] {
  return tools.map((tool) => ({
    description: claimOf(tool.group, tool.name),
    routes: [
      { match: { path: routePath(tool) }, action: { prefixRewrite: "/" } },
      { match: { prefix: `${routePath(tool)}/` }, action: { prefixRewrite: "/" } },
    ],
    targets: [{ containerApp: appName(tool.group, tool.name) }],
  }));
}

/** The address of each tool that a rule leads to, by name. */
export function routeUrls({ fqdn, rules = [] }: RouteState, tools: readonly RoutedTool[], ingressPort: number): Record<string, string> {
  const paths = new Set(rules.flatMap(({ routes = [] }) => routes.map(({ match }) => match?.path)));
  const routed = fqdn === undefined ? [] : tools.filter((tool) => paths.has(routePath(tool)));
  return Object.fromEntries(routed.map((tool) => [tool.name, `${endpointUrl(fqdn!, ingressPort)}${routePath(tool)}`]));
}
