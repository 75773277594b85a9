/** The parts of `/subscriptions/<id>/resourceGroups/<group>/providers/<namespace>/<type>/<name>`. */
export interface ResourceId {
  subscriptionId: string;
  resourceGroupName: string;
  /** `Microsoft.App/containerApps`, as written. */
  type: string;
  name: string;
}

const PATTERN = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+\/[^/]+)\/([^/]+)$/i;

/** @returns undefined for anything but the id of a top-level resource in a resource group */
export function parseResourceId(id: string): ResourceId | undefined {
  const [, subscriptionId, resourceGroupName, type, name] = PATTERN.exec(id) ?? [];
  return subscriptionId && resourceGroupName && type && name ? { subscriptionId, resourceGroupName, type, name } : undefined;
}

export function containerAppId(subscriptionId: string, resourceGroupName: string, name: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}/providers/Microsoft.App/containerApps/${name}`;
}
