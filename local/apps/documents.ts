import type { ArmDocument } from "../arm/hosts.ts";
import { hostName } from "./names.ts";
import type { Replica } from "./replica.ts";
import type { Revision } from "./revision.ts";
import { ingressOf } from "./template.ts";

/** A revision as ARM answers it. */
export function revisionDocument(app: ArmDocument, revision: Revision, domain: string, trafficWeight: number): ArmDocument {
  const { record } = revision;
  const ingress = ingressOf(app);
  return {
    id: `${app.id}/revisions/${record.name}`,
    name: record.name,
    type: "Microsoft.App/containerApps/revisions",
    properties: {
      createdTime: record.createdAt,
      ...(record.lastActiveAt && { lastActiveTime: record.lastActiveAt }),
      ...(ingress && { fqdn: hostName(record.name, domain, ingress.external === true) }),
      template: record.template,
      active: record.active,
      replicas: revision.live().length,
      trafficWeight,
      ...revision.state(),
    },
  };
}

/** A replica as ARM answers it. */
export function replicaDocument(app: ArmDocument, revision: Revision, replica: Replica): ArmDocument {
  const running = replica.phase === "running";
  const { problem } = replica.facts();
  const { started, restartCount } = replica.record;
  return {
    id: `${app.id}/revisions/${revision.record.name}/replicas/${replica.name}`,
    name: replica.name,
    type: "Microsoft.App/containerApps/revisions/replicas",
    properties: {
      createdTime: replica.record.createdAt,
      runningState: running ? "Running" : "NotRunning",
      runningStateDetails: problem ?? "",
      containers: [
        {
          name: revision.plan.container.name,
          ...(replica.container && { containerId: `docker://${replica.container.id}` }),
          ready: replica.ready,
          started,
          restartCount,
          runningState: running ? "Running" : "Waiting",
          runningStateDetails: running ? "" : `Container is waiting with reason: ${replica.phase === "waiting" ? "CrashLoopBackOff" : "ContainerCreating"}`,
        },
      ],
      initContainers: [],
    },
  };
}
