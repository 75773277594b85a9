import type { Connection } from "../../local/connection.ts";
import { findMiniature } from "../../local/control.ts";
import { layoutOf, type Layout } from "../../local/layout.ts";
import type { MiniatureContainer } from "../../local/leftovers.ts";
import { findProject } from "../../automation/project.ts";
import type { ContainerAppDocument, RevisionDocument } from "../../azure/arm-reader.ts";
import type { CommandOptions } from "../commands.ts";
import { table } from "../table.ts";
import type { Terminal } from "../terminal.ts";

interface RevisionStatus {
  name: string;
  active: boolean;
  state: string;
  /** Percent of the app's traffic. */
  traffic: number;
  replicas: number;
}

interface AppStatus {
  name: string;
  fqdn: string | null;
  state: string;
  revisions: RevisionStatus[];
}

interface Status {
  running: boolean;
  connection: Connection | null;
  ports: Record<string, number>;
  apps: AppStatus[];
  containers: MiniatureContainer[];
  /** What could not be asked, and why. */
  problems: string[];
}

type List = <T>(path: string) => Promise<T[]>;

export async function run(options: CommandOptions, terminal: Terminal): Promise<number> {
  const status = await readStatus(layoutOf(findProject(process.cwd()).folder));
  terminal.stdout.write(options.json ? `${JSON.stringify(status, null, 2)}\n` : render(status));
  return 0;
}

async function readStatus(layout: Layout): Promise<Status> {
  const connection = findMiniature(layout) ?? null;
  const [{ openPorts }, { containersOf }, { openEngine }] = await Promise.all([
    import("../../local/ports.ts"),
    import("../../local/leftovers.ts"),
    import("../../builders/docker/engine.ts"),
  ]);
  const problems: string[] = [];
  const orNone = (what: string) => (error: Error) => {
    problems.push(`${what}: ${error.message}`);
    return [];
  };
  const [apps, containers] = await Promise.all([
    connection ? readApps(connection).catch(orNone("apps")) : [],
    openEngine().then((docker) => containersOf(docker, connection?.instance ?? layout.instance)).catch(orNone("containers")),
  ]);
  return { running: connection !== null, connection, ports: openPorts(layout.portsFile).all(), apps, containers, problems };
}

async function readApps(connection: Connection): Promise<AppStatus[]> {
  const [{ readMiniature }, { APP_API_VERSION }] = await Promise.all([import("../../automation/miniature-arm.ts"), import("../../azure/arm-reader.ts")]);
  const read = readMiniature(connection);
  const list: List = async <T>(path: string) => ((await read(path, APP_API_VERSION)) as { value: T[] } | undefined)?.value ?? [];
  const apps = await list<ContainerAppDocument & { name: string }>(`/subscriptions/${connection.subscriptionId}/providers/Microsoft.App/containerApps`);
  return Promise.all(apps.map(async (app) => ({ ...describeApp(app), revisions: await readRevisions(app.id, list) })));
}

function describeApp({ name, properties }: ContainerAppDocument & { name: string }): Omit<AppStatus, "revisions"> {
  const { provisioningState, runningStatus, configuration } = properties;
  const settled = provisioningState === "Succeeded";
  return { name, fqdn: configuration?.ingress?.fqdn ?? null, state: (settled ? runningStatus : provisioningState) ?? "Unknown" };
}

async function readRevisions(appId: string, list: List): Promise<RevisionStatus[]> {
  const revisions = await list<RevisionDocument & { properties: { trafficWeight?: number } }>(`${appId}/revisions`);
  return revisions.map(({ name, properties: { active, runningState, trafficWeight, replicas } }) => ({
    name,
    active: active ?? false,
    state: runningState ?? "Unknown",
    traffic: trafficWeight ?? 0,
    replicas: replicas ?? 0,
  }));
}

function render({ running, connection, ports, apps, containers, problems }: Status): string {
  if (!running && containers.length === 0) return "the miniature is not running; start it with: toolwharf local up\n";
  const head = connection ? `the miniature runs (pid ${connection.pid}, since ${connection.startedAt})` : "the miniature is not running, but its containers are";
  const addresses = connection ? [["ARM", connection.armEndpoint], ["CA", connection.caFile], ...Object.entries(ports).map(([name, port]) => [name, String(port)])] : [];
  const width = Math.max(0, ...addresses.map(([name]) => name!.length));
  const revisions = apps.flatMap(({ name, revisions: all }) => all.filter(({ active }) => active).map((each) => [name, each.name, each.state, `${each.traffic} %`, String(each.replicas)]));
  return [
    `${head}\n`,
    ...addresses.map(([name, value]) => `  ${name!.padEnd(width)}  ${value}\n`),
    "\n",
    apps.length > 0 ? table(["app", "state", "FQDN"], apps.map(({ name, state, fqdn }) => [name, state, fqdn ?? "-"])) : "no apps\n",
    ...(revisions.length > 0 ? ["\n", table(["app", "active revision", "state", "traffic", "replicas"], revisions)] : []),
    ...(containers.length > 0 ? ["\n", table(["container", "state", "revision"], containers.map(({ name, state, revision }) => [name, state, revision]))] : []),
    ...problems.map((problem) => `\n${problem}\n`),
  ].join("");
}
