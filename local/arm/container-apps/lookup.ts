import type { ArmDocument } from "../hosts.ts";
import { sameId } from "../resource-id.ts";
import type { Context } from "../service.ts";
import { CONTAINER_APPS } from "./constants.ts";

/** The apps of an environment, of whatever group. */
export function appsIn(environmentId: string, { documents, subscriptionId }: Pick<Context, "documents" | "subscriptionId">): ArmDocument[] {
  return documents
    .within(`/subscriptions/${subscriptionId}`, CONTAINER_APPS)
    .map(({ document }) => document)
    .filter(({ properties }) => sameId(String(properties["environmentId"]), environmentId));
}
