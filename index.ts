import * as pulumi from "@pulumi/pulumi";
import { containerAppId } from "./azure/resource-id.ts";
import { imageTags } from "./recipes/image-tags.ts";
import { openAzure } from "./components/azure-session.ts";
import { checkClaims } from "./components/claims.ts";
import { conclude } from "./components/conclusion.ts";
import { raise, shortenConsequences } from "./components/failure.ts";
import { appName, claimOf } from "./components/naming.ts";
import { checkRegistryMode, checkSubscription } from "./components/platform-check.ts";
import { referToPlatform } from "./components/platform-reference.ts";
import { deployRoutes, previewRoutes } from "./components/route-declaration.ts";
import { readSettings } from "./components/settings.ts";
import { failureOf, platformOutputs, previewOutputs, toolOutputs } from "./components/stack-outputs.ts";
import { declareTool, deployableTool, sayWhatIsPublic } from "./components/tool-deployment.ts";
import { ToolPlatform } from "./components/tool-platform.ts";
import { readToolSource } from "./components/tool-source.ts";
import { readVerifyOption } from "./components/verify-option.ts";

// The SDK takes a stack trace for each resource, and maps every frame of it through source maps: a fifth of a run that
// changes nothing. Types are stripped in place here, so there is nothing to map.
Reflect.deleteProperty(Error, "prepareStackTrace");

/**
 * A platform stack makes a platform and a tool server for each folder; a tool stack, `<platform>.<tool>`, one tool
 * server on the platform of another stack. Config decides everything else.
 */
export default async function toolwharf(): Promise<Record<string, unknown>> {
  shortenConsequences();
  const settings = readSettings();
  const verify = readVerifyOption();
  const [sources, azure] = await Promise.all([
    Promise.allSettled(settings.tools.map((tool) => readToolSource({ ...tool, baseImages: settings.baseImages, ...(settings.tool === undefined && { storages: Object.keys(settings.storages) }) }))),
    pulumi.runtime.isDryRun() ? undefined : openAzure(settings),
  ]);

  const tools = await Promise.all(settings.tools.map((tool, at) => deployableTool(tool, sources[at]!)));

  const reference = settings.tool === undefined ? undefined : await referToPlatform({ ...settings, tools });
  const resourceGroupName = reference?.resourceGroupName ?? settings.resourceGroupName;
  if (azure && verify.enabled) {
    const { registryId, environmentId, identityId } = reference ?? settings.existing;
    checkSubscription({ registryId, environmentId, identityId }, azure.subscriptionId);
    const claims = tools.flatMap(({ name, group }) =>
      group === undefined ? [] : [{ tool: name, claim: claimOf(group, name), appId: containerAppId(azure.subscriptionId, resourceGroupName, appName(group, name)) }],
    );
    const { existing, registryPermissions, stack } = settings;
    await Promise.all([
      checkClaims(claims, stack, azure.arm),
      !reference && existing.registryId !== undefined && checkRegistryMode(existing.registryId, registryPermissions, azure.arm),
    ]);
  }

  sayWhatIsPublic(tools);
  // Whatever runs the program without deploying pulls nothing.
  const rolePropagationSeconds = verify.enabled ? settings.rolePropagationSeconds : 0;
  const made = reference ? undefined : new ToolPlatform("platform", { ...settings, rolePropagationSeconds });
  const platform = reference ?? made!.platformForApps;
  const declared = await Promise.all(
    tools.map((tool, at) =>
      declareTool(tool, sources[at]!, { platform, readiness: made?.readiness ?? [], azure, checkImages: verify.enabled, ingressPort: settings.ingressPort, imageTags: imageTags(settings.refs) }),
    ),
  );

  if (!azure) {
    await raise(declared.flatMap((each) => ("problem" in each ? [each.problem] : [])));
    const routes = made && previewRoutes(declared, { settings, platform: made.platform, resourceGroupName });
    return { ...previewOutputs(declared, routes), ...(made && { platform: made.platform }) };
  }
  const [{ tools: served, failures }, routing] = await Promise.all([
    conclude(declared, { settings, resourceGroupName, azure, verify }),
    made && deployRoutes(declared, { settings, platform: made.platform, resourceGroupName, azure }),
  ]);
  const shared = made && (await platformOutputs(made));
  await raise([...failures, ...(routing?.failures ?? []), ...failureOf(shared)]);
  return { ...toolOutputs(served, routing?.urls), ...(shared?.state === "known" && { platform: shared.value }) };
}
