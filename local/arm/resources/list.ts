import type { ArmDocument } from "../hosts.ts";
import { present } from "../json.ts";
import { answer, type ArmResponse } from "../request.ts";
import type { Call, Endpoints } from "../service.ts";
import { RESOURCE_GROUPS } from "./constants.ts";
import { parseResourceFilter } from "./filter.ts";
import { requireGroup } from "./groups.ts";

/** `GET .../resourceGroups/<name>/resources` and `GET /subscriptions/<id>/resources`: resources of all types, without their properties. */
export const resourceListEndpoints: Endpoints[] = [
  {
    type: `${RESOURCE_GROUPS}/resources`,
    collection: {
      GET: {
        action: "Microsoft.Resources/subscriptions/resourceGroups/resources/read",
        handle(call) {
          requireGroup(call.context, call.id);
          return list(call);
        },
      },
    },
  },
  {
    type: "Microsoft.Resources/resources",
    collection: { GET: { action: "Microsoft.Resources/subscriptions/resources/read", handle: list } },
  },
];

function list({ context, id, request }: Call): ArmResponse {
  const { test, byTag } = parseResourceFilter(request.query.get("$filter"));
  const found = context.documents
    .within(id)
    .map(({ document }) => document)
    .filter((document) => document.type !== RESOURCE_GROUPS && isListed(document) && test(document));
  return answer(200, { value: found.map((document) => summary(document, byTag)) });
}

/** Children without a location of their own (an environment's storages) are in the list of their parent only. */
const isListed = ({ location }: ArmDocument): boolean => location !== undefined;

/** Azure docs, Resources - List: "the tags for each resource are not returned in the results" of a filter by tag. */
function summary({ id, name, type, location, tags, sku, identity }: ArmDocument, withoutTags: boolean) {
  return present({ id, name, type, location, tags: withoutTags ? undefined : tags, sku, identity });
}
