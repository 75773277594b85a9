import { setTimeout as sleep } from "node:timers/promises";
import type { ContainerAppDocument, ReplicaDocument } from "../../azure/arm-reader.ts";
import { askArm } from "./https-client.ts";
import type { ScratchProject } from "./scratch-project.ts";

/** ARM's id of an app of the project's platform stack. */
export async function appIdOf(project: ScratchProject, app: string): Promise<string> {
  const { platform } = (await project.outputs()) as unknown as { platform: { resourceGroupName: string } };
  return `/subscriptions/${project.connection().subscriptionId}/resourceGroups/${platform.resourceGroupName}/providers/Microsoft.App/containerApps/${app}`;
}

export async function readApp(project: ScratchProject, appId: string): Promise<ContainerAppDocument["properties"]> {
  return (JSON.parse((await askArm(project.connection(), "GET", appId)).body) as ContainerAppDocument).properties;
}

/** Replicas of the app's latest revision, as ARM lists them. */
export async function replicasOf(project: ScratchProject, appId: string): Promise<ReplicaDocument[]> {
  const { latestRevisionName } = await readApp(project, appId);
  const { body } = await askArm(project.connection(), "GET", `${appId}/revisions/${latestRevisionName}/replicas`);
  return (JSON.parse(body) as { value: ReplicaDocument[] }).value;
}

/** Asks until the answer is true; `what` is in the error when that takes longer than the limit. */
export async function until(what: string, limitSeconds: number, met: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = Date.now() + limitSeconds * 1000; !(await met()); await sleep(250)) {
    if (Date.now() > end) throw new Error(`${what}: not within ${limitSeconds} s`);
  }
}

/** Changes the scale of an app through ARM and waits until the revision that this makes serves. */
export async function patchScale(project: ScratchProject, appId: string, scale: Record<string, unknown>): Promise<void> {
  const before = await readApp(project, appId);
  const { status, body } = await askArm(project.connection(), "PATCH", appId, { properties: { template: { scale } } });
  if (status !== 202) throw new Error(`PATCH of ${appId} answered ${status}: ${body}`);
  await until(`a ready revision of ${appId}`, 120, async () => {
    const { provisioningState, latestRevisionName, latestReadyRevisionName } = await readApp(project, appId);
    return provisioningState === "Succeeded" && latestRevisionName !== before.latestRevisionName && latestReadyRevisionName === latestRevisionName;
  });
}
