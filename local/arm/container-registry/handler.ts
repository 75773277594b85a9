import { ArmError } from "../errors.ts";
import { objectOf } from "../json.ts";
import { answer } from "../request.ts";
import { sameId } from "../resource-id.ts";
import type { Context, Endpoints, TrackedType } from "../service.ts";
import { REGISTRIES } from "./constants.ts";
import { NOT_EMULATED } from "./not-emulated.ts";
import { acceptRegistry, acceptSku, alreadyInUse, checkRegistryName, nameProblem } from "./validate.ts";

export const registries: TrackedType = {
  type: REGISTRIES,
  states: { creating: "Creating", updating: "Updating", deleting: "Deleting" },

  accept(desired, { context }, existing) {
    checkRegistryName(desired.name);
    const holder = holderOf(desired.name, context);
    if (holder && !sameId(holder, existing?.document.id ?? desired.id)) throw alreadyInUse(desired.name);
    const sku = acceptSku(desired.sku);
    const { loginServer, creationDate } = existing?.document.properties ?? {};
    return {
      sku,
      properties: {
        ...(typeof loginServer === "string" && { loginServer }),
        creationDate: creationDate ?? context.now().toISOString(),
        ...acceptRegistry(desired, sku.name),
      },
    };
  },

  notEmulated: NOT_EMULATED,
  present: ({ document }) => document,
  apply: async ({ document }, { hosts }) => ({ loginServer: (await hosts.registries.start(document)).loginServer }),
  remove: ({ document }, { hosts }) => hosts.registries.remove(document.id),
  /** The code that Azure's clients repeat on; its own for a busy registry is not known. */
  busy: ({ document }) =>
    new ArmError("AnotherOperationInProgress", `Another operation on the registry '${document.name}' is in progress. Please retry later.`, 409),
};

export const registryActions: Endpoints[] = [
  {
    type: "Microsoft.ContainerRegistry/checkNameAvailability",
    collection: {
      POST: {
        action: "Microsoft.ContainerRegistry/checkNameAvailability/read",
        handle({ request, context }) {
          const name = String(objectOf(request.body)["name"] ?? "");
          const problem = nameProblem(name);
          if (problem) return answer(200, { nameAvailable: false, reason: "Invalid", message: problem });
          if (!holderOf(name, context)) return answer(200, { nameAvailable: true });
          return answer(200, { nameAvailable: false, reason: "AlreadyExists", message: `The registry ${name} is already in use.` });
        },
      },
    },
  },
];

/** The id of the registry that has this name, wherever in the subscription. */
function holderOf(name: string, { documents, subscriptionId }: Context): string | undefined {
  return documents
    .within(`/subscriptions/${subscriptionId}`, REGISTRIES)
    .find(({ document }) => document.name.toLowerCase() === name.toLowerCase())?.document.id;
}
