import * as pulumi from "@pulumi/pulumi";
import { APP_API_VERSION } from "../azure/arm-reader.ts";
import { containerAppId } from "../azure/resource-id.ts";
import type { AzureSession } from "./azure-session.ts";
import { unreadable } from "./claims.ts";
import { appName } from "./naming.ts";
import { routeUrls } from "./route-rules.ts";
import type { RoutedTool, RouteState } from "./route-rules.ts";
import { settled } from "./settled.ts";
import type { Settings } from "./settings.ts";
import type { DeclaredTool } from "./tool-deployment.ts";
import type { Platform } from "./tool-platform.ts";
import { ToolRoutes } from "./tool-routes.ts";

export interface RouteOptions {
  settings: Pick<Settings, "routes" | "ingressPort">;
  platform: Platform;
  resourceGroupName: string;
  /** Absent in a preview. */
  azure?: AzureSession;
}

/** What became of the routes: URLs by tool, empty where that is not known, and problems to be raised. */
export interface Routing {
  urls: Record<string, string>;
  failures: unknown[];
}

/** The routes of a preview, to the tools that can be declared. */
export function previewRoutes(declared: readonly DeclaredTool[], options: RouteOptions): ToolRoutes | undefined {
  return declare(declared.filter((each) => isRouted(each) && "server" in each), options);
}

/**
 * Declares the routes once every tool's app is there or has failed, because Azure refuses all rules when one of them names an app
 * that does not exist. A tool that failed keeps its route if it has an app; where that cannot be found out, the routes are left as they are.
 */
export async function deployRoutes(declared: readonly DeclaredTool[], options: RouteOptions & { azure: AzureSession }): Promise<Routing> {
  if (options.settings.routes === "") return { urls: {}, failures: [] };
  // Whether it has a path, and which, is not known; whatever made its manifest unreadable is raised.
  if (declared.some(({ tool }) => tool.group === undefined)) return { urls: await liveUrls(declared, options), failures: [] };
  const found = await Promise.allSettled(declared.filter(isRouted).map(async (each) => ((await hasApp(each, options)) ? [each] : [])));
  const failures = found.flatMap((each) => (each.status === "rejected" ? [each.reason as unknown] : []));
  if (failures.length > 0) return { urls: await liveUrls(declared, options), failures };
  const there = found.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
  const routes = declare(there, options, await Promise.all(there.map(isRegistered)));
  if (!routes) return { urls: {}, failures: [] };

  const urls = await settled(routes.urls);
  if (urls.state === "failed") return { urls: await liveUrls(declared, options), failures: [urls.error] };
  return { urls: urls.state === "known" ? urls.value : {}, failures: [] };
}

/** A route opens a tool to everybody, so only tools that are open have one. */
const isRouted = ({ tool }: DeclaredTool): boolean => tool.settings.access === "public";
/** Of a tool whose folder says its group. */
const asRouted = ({ tool: { group, name } }: DeclaredTool): RoutedTool[] => (group === undefined ? [] : [{ group, name }]);

function declare(declared: readonly DeclaredTool[], { settings, platform }: RouteOptions, registered: readonly boolean[] = []): ToolRoutes | undefined {
  if (settings.routes === "" || declared.length === 0) return undefined;
  const { routes: routeName, ingressPort } = settings;
  // So that an app that goes, goes after the rule that leads to it. Nothing can depend on a resource that failed.
  const dependsOn = declared.flatMap((each, at) => ("server" in each && registered[at] !== false ? [each.server] : []));
  return new ToolRoutes("platform", { environmentId: platform.environmentId, routeName, tools: declared.flatMap(asRouted), ingressPort }, { dependsOn });
}

async function isRegistered(declared: DeclaredTool): Promise<boolean> {
  return "server" in declared && (await settled(declared.server.fqdn)).state === "known";
}

async function hasApp(declared: DeclaredTool, { azure, resourceGroupName }: RouteOptions & { azure: AzureSession }): Promise<boolean> {
  if (await isRegistered(declared)) return true;
  const [routed] = asRouted(declared);
  if (!routed) return false;
  const appId = containerAppId(azure.subscriptionId, resourceGroupName, appName(routed.group, routed.name));
  try {
    return (await azure.arm.containerApp(appId)) !== undefined;
  } catch (error) {
    throw unreadable(error, appId);
  }
}

/** As Azure has them, whatever this run wanted; the outputs of a run that failed say what is served. */
async function liveUrls(declared: readonly DeclaredTool[], { settings, platform, azure }: RouteOptions & { azure: AzureSession }): Promise<Record<string, string>> {
  const environmentId = await settled(pulumi.output(platform.environmentId));
  if (environmentId.state !== "known") return {};
  const id = `${environmentId.value}/httpRouteConfigs/${settings.routes}`;
  const live = await azure.arm.get<{ properties?: RouteState }>(id, APP_API_VERSION).catch(() => undefined);
  return routeUrls(live?.properties ?? {}, declared.flatMap(asRouted), settings.ingressPort);
}
