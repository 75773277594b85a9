import * as pulumi from "@pulumi/pulumi";
import { HttpRouteConfig } from "@pulumi/azure-native/app/httpRouteConfig.js";
import { parseResourceId } from "../azure/resource-id.ts";
import { FIXED_NAME } from "./fixed-name.ts";
import { retryWhatWasRefused } from "./refusals.ts";
import { routeRules, routeUrls } from "./route-rules.ts";
import type { RoutedTool } from "./route-rules.ts";

export interface ToolRoutesArgs {
  /** The environment whose address it is; the tools are in it. A change replaces the routes. */
  environmentId: pulumi.Input<string>;
  /** First part of the address, 3 to 63 lower-case letters and digits, a letter first. A change replaces the routes, and so their address. */
  routeName: string;
  /** The tools, in the order in which paths are compared. Azure refuses one whose app does not exist. */
  tools: readonly RoutedTool[];
  /** Port of the environment's ingress; Azure's is always 443. @default 443 */
  ingressPort?: number;
}

/**
 * One address for many tools, `https://<routeName>.<default domain>/<group>/<name>`. It opens each tool to everybody: Azure's path
 * routes lead to internal apps as well, and nothing says that an app's IP restrictions hold for them.
 */
export class ToolRoutes extends pulumi.ComponentResource {
  /** URL of each tool that Azure has a rule for, by the tool's name. */
  readonly urls: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: ToolRoutesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("toolwharf:index:ToolRoutes", name, {}, opts);
    const environment = pulumi.output(args.environmentId).apply((id) => parseResourceId(id)!);
    const config = new HttpRouteConfig(
      `${name}-routes`,
      {
        httpRouteName: args.routeName,
        environmentName: environment.name,
        resourceGroupName: environment.resourceGroupName,
        properties: { rules: routeRules(args.tools) },
      },
      { parent: this, ...FIXED_NAME, dependsOn: opts?.dependsOn, hooks: { onError: [retryWhatWasRefused()] } },
    );
    this.urls = config.properties.apply((properties) => routeUrls(properties, args.tools, args.ingressPort ?? 443));
    this.registerOutputs({ urls: this.urls });
  }
}
