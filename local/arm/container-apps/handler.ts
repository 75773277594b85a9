import { randomUUID } from "node:crypto";
import { ArmError } from "../errors.ts";
import type { ArmDocument } from "../hosts.ts";
import { objectOf, objectsOf, present, type JsonObject } from "../json.ts";
import { answer } from "../request.ts";
import { resourceGroupOf, subscriptionOf } from "../resource-id.ts";
import type { Call, Context, Endpoints, TrackedType } from "../service.ts";
import { findTracked } from "../tracked-resource.ts";
import { verificationId } from "../verification-id.ts";
import { forgetAppTokens, issueAppToken } from "./app-tokens.ts";
import { CONTAINER_APPS } from "./constants.ts";
import { NOT_EMULATED } from "./not-emulated.ts";
import { acceptApp } from "./validate.ts";

export const containerApps: TrackedType = {
  type: CONTAINER_APPS,
  states: { creating: "InProgress", updating: "InProgress", deleting: "Deleting" },
  accept(desired, call, existing) {
    if (call.context.faults.take("operation-in-progress", desired.name)) throw inProgress(desired.name, randomUUID());
    return acceptApp(desired, call, existing);
  },
  notEmulated: NOT_EMULATED,
  present: ({ document }, call) => show(document, call),

  async apply({ document }, { hosts }) {
    await hosts.apps.apply(document);
    return {};
  },

  async remove({ document }, { hosts, store }) {
    await hosts.apps.remove(document.id);
    forgetAppTokens(store, document.id);
  },

  busy: ({ document, operationId }) => inProgress(document.name, operationId),
};

const inProgress = (name: string, operationId: string | undefined): ArmError =>
  new ArmError(
    "ContainerAppOperationInProgress",
    `Cannot modify a container app '${name}' because there is an active provisioning operation in progress. OperationId: '${operationId}'.`,
    409,
  );

export const containerAppActions: Endpoints[] = [
  action("listSecrets", "listSecrets", (call) => {
    const { document } = findTracked(containerApps, call);
    return { value: objectsOf(configurationOf(document)["secrets"]) };
  }),
  action("getAuthtoken", "getAuthToken", (call) => {
    const { document } = findTracked(containerApps, call);
    const { id, name, type, location } = document;
    return { id, name, type, location, properties: issueAppToken(call.context.store, id, call.context.now()) };
  }),
];

function action(path: string, permission: string, body: (call: Call) => JsonObject): Endpoints {
  return {
    type: `${CONTAINER_APPS}/${path}`,
    collection: { POST: { action: `${CONTAINER_APPS}/${permission}/action`, handle: (call) => answer(200, body(call)) } },
  };
}

const configurationOf = ({ properties }: ArmDocument) => objectOf(properties["configuration"]);

/** The app as the world sees it: with what runs now and where it is reached, without the values of its secrets. */
function show(document: ArmDocument, { context, endpoint }: Pick<Call, "context" | "endpoint">): ArmDocument {
  const { id, name, properties } = document;
  const configuration = configurationOf(document);
  const environment = context.documents.get(String(properties["environmentId"]))?.document;
  const scope = `${endpoint}/subscriptions/${subscriptionOf(id)}/resourceGroups/${resourceGroupOf(id)}/containerApps/${name}`;
  return {
    ...document,
    properties: present({
      ...properties,
      ...statusOf(document, context),
      outboundIpAddresses: [environment?.properties["staticIp"]].filter((ip) => ip !== undefined),
      customDomainVerificationId: verificationId(id),
      configuration: present({
        ...configuration,
        secrets: configuration["secrets"] && objectsOf(configuration["secrets"]).map((secret) => ({ name: secret["name"] })),
        ingress: configuration["ingress"] && { fqdn: fqdnOf(name, objectOf(configuration["ingress"]), environment), ...objectOf(configuration["ingress"]) },
      }),
      eventStreamEndpoint: `${scope}/eventstream`,
    }),
  };
}

function statusOf({ id }: ArmDocument, { hosts }: Context): JsonObject {
  const { latestRevisionName, latestReadyRevisionName, latestRevisionFqdn, runningStatus } = hosts.apps.status(id);
  return { latestRevisionName, latestReadyRevisionName, latestRevisionFqdn, runningStatus };
}

function fqdnOf(app: string, { external }: JsonObject, environment: ArmDocument | undefined): string | undefined {
  const domain = environment?.properties["defaultDomain"];
  if (typeof domain !== "string") return undefined;
  return external === true ? `${app}.${domain}` : `${app}.internal.${domain}`;
}
