import * as pulumi from "@pulumi/pulumi";
import type { ToolOutput } from "./live-tool.ts";
import { settled } from "./settled.ts";
import type { Settled } from "./settled.ts";
import type { DeclaredTool } from "./tool-deployment.ts";
import type { ToolRoutes } from "./tool-routes.ts";
import type { Platform, ToolPlatform } from "./tool-platform.ts";

type Outputs = Record<string, unknown>;

/**
 * `tools`, and each host name again under the literal `<name>Fqdn`. Undefined: the outputs of the last run stay.
 *
 * @param routes URL of each tool's path route, by the tool's name
 */
export function toolOutputs(tools: Record<string, ToolOutput> | undefined, routes: Record<string, string> = {}): Outputs {
  if (!tools) return {};
  const routed = Object.entries(tools).map(([name, tool]) => [name, { ...tool, ...(routes[name] !== undefined && { route: routes[name] }) }]);
  return { tools: Object.fromEntries(routed), ...Object.fromEntries(Object.entries(tools).map(([name, { fqdn }]) => [`${name}Fqdn`, fqdn])) };
}

/** As far as a preview knows them. */
export function previewOutputs(declared: readonly DeclaredTool[], routes?: ToolRoutes): Outputs {
  const servers = declared.flatMap((each) => ("server" in each ? [[each.tool.name, each.server] as const] : []));
  return {
    tools: Object.fromEntries(
      servers.map(([name, { url, fqdn, image, revision }]) => [name, { url, fqdn, image, revision, ...(routes && { route: routes.urls.apply((urls) => urls[name]) }) }]),
    ),
    ...Object.fromEntries(servers.map(([name, { fqdn }]) => [`${name}Fqdn`, fqdn])),
  };
}

/** What tool stacks need, once all of it is there. */
export function platformOutputs({ platform }: ToolPlatform): Promise<Settled<Platform>> {
  return settled(pulumi.output(platform) as unknown as pulumi.Output<Platform>);
}

export function failureOf(result: Settled<unknown> | undefined): unknown[] {
  return result?.state === "failed" ? [result.error] : [];
}
