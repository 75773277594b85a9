import type { AppStatus, ArmDocument, Hosts } from "../../local/arm/hosts.ts";

/** Hosts that run nothing: they say yes, write down what they were asked, and can be made to wait or to fail. */
export interface FakeHosts extends Hosts {
  /** `apps.apply /subscriptions/...`, in order. */
  calls: string[];
  applied: ArmDocument[];
  /** Awaited by every host method that makes or removes something. */
  before: (call: string) => Promise<void>;
  status: Map<string, AppStatus>;
  revisionsOf: Map<string, ArmDocument[]>;
  replicasOf: Map<string, ArmDocument[]>;
  log: string;
}

export function fakeHosts(): FakeHosts {
  const asked = async (name: string, id: string) => {
    hosts.calls.push(`${name} ${id}`);
    await hosts.before(`${name} ${id}`);
  };
  const hosts: FakeHosts = {
    calls: [],
    applied: [],
    before: async () => {},
    status: new Map(),
    revisionsOf: new Map(),
    replicasOf: new Map(),
    log: "",
    registries: {
      async start({ id }) {
        await asked("registries.start", id);
        return { loginServer: "localhost:5443" };
      },
      remove: (id) => asked("registries.remove", id),
    },
    environments: {
      async start({ id, location }) {
        await asked("environments.start", id);
        return { defaultDomain: `calmsea-0123abcd.${location}.azurecontainerapps.localhost`, staticIp: "127.0.0.1" };
      },
      remove: (id) => asked("environments.remove", id),
    },
    apps: {
      async apply(app) {
        hosts.applied.push(structuredClone(app));
        await asked("apps.apply", app.id);
        const name = `${app.name}--abc1234`;
        hosts.status.set(app.id, { latestRevisionName: name, latestReadyRevisionName: name, latestRevisionFqdn: `${name}.example`, runningStatus: "Running" });
      },
      remove: (id) => asked("apps.remove", id),
      status: (id) => hosts.status.get(id) ?? { runningStatus: "Progressing" },
      revisions: (id) => hosts.revisionsOf.get(id) ?? [],
      replicas: (_id, revision) => hosts.replicasOf.get(revision) ?? [],
      logs: async (id, revision, replica, container, tailLines) => {
        await asked("apps.logs", [id, revision, replica, container, tailLines].join(" "));
        return hosts.log;
      },
      async *followLogs(id, revision, replica, container, tailLines) {
        await asked("apps.followLogs", [id, revision, replica, container, tailLines].join(" "));
        yield Buffer.from(hosts.log);
      },
      activateRevision: (id, revision) => asked("apps.activateRevision", `${id} ${revision}`),
      deactivateRevision: (id, revision) => asked("apps.deactivateRevision", `${id} ${revision}`),
      restartRevision: (id, revision) => asked("apps.restartRevision", `${id} ${revision}`),
    },
    httpRoutes: {
      apply: ({ id }) => void hosts.calls.push(`httpRoutes.apply ${id}`),
      remove: (id) => void hosts.calls.push(`httpRoutes.remove ${id}`),
    },
  };
  return hosts;
}
