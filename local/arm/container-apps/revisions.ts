import { ArmError } from "../errors.ts";
import type { ArmDocument, AppHost } from "../hosts.ts";
import { objectsOf } from "../json.ts";
import { answer } from "../request.ts";
import type { Call, Endpoints, Verb } from "../service.ts";
import { findTracked } from "../tracked-resource.ts";
import { CONTAINER_APPS } from "./constants.ts";
import { containerApps } from "./handler.ts";
import { logStreamPath } from "./log-stream.ts";
import { parseRevisionFilter } from "./revision-filter.ts";

const REVISIONS = `${CONTAINER_APPS}/revisions`;
const REPLICAS = `${REVISIONS}/replicas`;

export const revisionEndpoints: Endpoints[] = [
  {
    type: REVISIONS,
    item: { GET: { action: `${REVISIONS}/read`, handle: (call) => answer(200, findRevision(call)) } },
    collection: { GET: { action: `${REVISIONS}/read`, handle: (call) => answer(200, { value: revisionsOf(call) }) } },
  },
  {
    type: REPLICAS,
    item: { GET: { action: `${REPLICAS}/read`, handle: (call) => answer(200, findReplica(call)) } },
    collection: { GET: { action: `${REPLICAS}/read`, handle: (call) => answer(200, { value: replicasOf(call) }) } },
  },
  revisionAction("activate", "activateRevision"),
  revisionAction("deactivate", "deactivateRevision"),
  revisionAction("restart", "restartRevision"),
];

function revisionAction(name: string, method: "activateRevision" | "deactivateRevision" | "restartRevision"): Endpoints {
  const verb: Verb = {
    action: `${REVISIONS}/${name}/action`,
    async handle(call) {
      const { appId, apps } = appOf(call);
      await apps[method](appId, findRevision(call).name);
      return answer(200);
    },
  };
  return { type: `${REVISIONS}/${name}`, collection: { POST: verb } };
}

function appOf(call: Call): { appId: string; apps: AppHost } {
  return { appId: findTracked(containerApps, call, 1).document.id, apps: call.context.hosts.apps };
}

function revisionsOf(call: Call): ArmDocument[] {
  const isWanted = parseRevisionFilter(call.request.query.get("$filter"));
  const { appId, apps } = appOf(call);
  return apps.revisions(appId).filter(isWanted);
}

function findRevision(call: Call): ArmDocument {
  const { appId, apps } = appOf(call);
  const [app, revision = ""] = call.target.names;
  const found = apps.revisions(appId).find(({ name }) => name.toLowerCase() === revision.toLowerCase());
  if (!found) throw new ArmError("RevisionNotFound", `The revision '${revision}' of the container app '${app}' was not found.`, 404);
  return found;
}

function replicasOf(call: Call): ArmDocument[] {
  const { appId, apps } = appOf(call);
  return apps.replicas(appId, findRevision(call).name).map((replica) => withLogs(replica, call));
}

function findReplica(call: Call): ArmDocument {
  const replica = call.target.names[2] ?? "";
  const found = replicasOf(call).find(({ name }) => name.toLowerCase() === replica.toLowerCase());
  if (!found) {
    throw new ArmError("ReplicaNotFound", `The replica '${replica}' of the revision '${call.target.names[1]}' was not found.`, 404);
  }
  return found;
}

/** Each container with the address of its log. */
function withLogs(replica: ArmDocument, call: Call): ArmDocument {
  const [, revision = ""] = call.target.names;
  const containers = objectsOf(replica.properties["containers"]).map((container) => ({
    ...container,
    logStreamEndpoint: call.endpoint + logStreamPath(appOf(call).appId, revision, replica.name, String(container["name"])),
  }));
  return { ...replica, properties: { ...replica.properties, containers } };
}
