import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { createAppHost } from "../../../local/apps/app-host.ts";
import { systemClock } from "../../../local/apps/clock.ts";
import { dockerEngine } from "../../../local/apps/docker-engine.ts";
import type { ArmDocument } from "../../../local/arm/hosts.ts";
import type { AzureFile } from "../../../local/arm/managed-environment-storages/validate.ts";
import { openCertificates } from "../../../local/certificates.ts";
import { createEnvironmentHost } from "../../../local/environments/environment-host.ts";
import { serveIngress } from "../../../local/ingress/ingress.ts";
import { layoutOf } from "../../../local/layout.ts";
import { openPorts } from "../../../local/ports.ts";
import { createRegistryHost } from "../../../local/registry/registry-host.ts";
import { ask, type Answer } from "../../support/https-client.ts";
import { finished, makeTinyImage } from "../../support/tiny-image.ts";
import { memoryStore } from "./memory-store.ts";

const GROUP = "/subscriptions/s/resourceGroups/g/providers";
const REGISTRY: ArmDocument = { id: `${GROUP}/Microsoft.ContainerRegistry/registries/trial`, name: "trial", type: "Microsoft.ContainerRegistry/registries", properties: {} };
const ENVIRONMENT: ArmDocument = { id: `${GROUP}/Microsoft.App/managedEnvironments/env`, name: "env", type: "Microsoft.App/managedEnvironments", location: "westeurope", properties: {} };
export const IDENTITY = `${GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/puller`;

/**
 * Registry, environment, apps and ingress as the daemon puts them together, on the real engine, with an image of the tiny server in
 * the registry. Role assignments are a set of words that a test changes.
 */
export class RunningHosts {
  readonly docker = new Docker();
  readonly layout = layoutOf(realpathSync(mkdtempSync(join(tmpdir(), "toolwharf-hosts-"))));
  readonly store = memoryStore();
  /** `<principal> <last two parts of the action>`. */
  readonly roles = new Set(["puller pull/read", "developer pull/read", "developer push/write"]);
  registries!: Awaited<ReturnType<typeof createRegistryHost>>;
  environments!: ReturnType<typeof createEnvironmentHost>;
  apps!: ReturnType<typeof createAppHost>;
  ingress!: Awaited<ReturnType<typeof serveIngress>>;
  caFile = "";
  image = "";
  domain = "";
  /** Storages of the environment, by name. */
  readonly storages = new Map<string, AzureFile>();

  async start(): Promise<void> {
    const { layout, store, docker } = this;
    const certificates = await openCertificates(layout.certificates);
    this.caFile = certificates.caFile;
    this.registries = await createRegistryHost({
      layout,
      store,
      certificates,
      ports: openPorts(layout.portsFile),
      tokens: { verify: () => Promise.reject(new Error("not asked here")) },
      access: { allows: (principal, _kind, action) => this.roles.has(`${principal} ${action.split("/").slice(-2).join("/")}`) },
    });
    this.environments = createEnvironmentHost({ instance: layout.instance, store, docker, socketsFolder: layout.gateways, authorityFile: this.caFile });
    this.image = `${(await this.registries.start(REGISTRY)).loginServer}/tiny`;
    this.domain = (await this.environments.start(ENVIRONMENT)).defaultDomain;
    await this.startApps();
    this.ingress = await serveIngress({ certificates, port: 0, httpPort: 0, apps: { routeOf: ({ host, environmentId }) => this.apps.routeOf(host, environmentId) } });
    await this.environments.serve(this.ingress);
  }

  async startApps(): Promise<void> {
    const { layout, store, docker, registries, environments } = this;
    const engine = dockerEngine(docker, layout.instance, systemClock);
    this.apps = createAppHost({ instance: layout.instance, store, engine, registries, environments, logFolder: layout.appLogs, shareOf: (_environment, name) => this.storages.get(name) });
    await this.apps.start();
  }

  async pushImage(): Promise<void> {
    await makeTinyImage(this.docker, `${this.image}:v1`);
    const credential = await this.registries.pullCredential(this.image.split("/")[0]!, "developer");
    await finished(this.docker, await this.docker.getImage(`${this.image}:v1`).push({ authconfig: { ...credential, serveraddress: this.image.split("/")[0]! } }));
  }

  /** An app as ARM hands it over. `env` makes the tiny server behave. */
  document(name: string, env: Record<string, string> = {}, more: { template?: object; container?: object; ingress?: object; configuration?: object } = {}): ArmDocument {
    return {
      id: `${GROUP}/Microsoft.App/containerApps/${name}`,
      name,
      type: "Microsoft.App/containerApps",
      location: "westeurope",
      identity: { type: "UserAssigned", userAssignedIdentities: { [IDENTITY]: { principalId: "puller", clientId: "c" } } },
      properties: {
        environmentId: ENVIRONMENT.id,
        configuration: {
          activeRevisionsMode: "Single",
          ingress: { external: true, targetPort: 8000, transport: "auto", allowInsecure: false, ...more.ingress },
          registries: [{ server: this.image.split("/")[0], identity: IDENTITY.toUpperCase() }],
          ...more.configuration,
        },
        template: {
          containers: [
            {
              name: "main",
              image: `${this.image}:v1`,
              env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
              resources: { cpu: 0.25, memory: "0.5Gi" },
              probes: [
                { type: "Startup", httpGet: { path: "/health", port: 8000 }, periodSeconds: 1, failureThreshold: 2 },
                { type: "Readiness", httpGet: { path: "/health", port: 8000 }, periodSeconds: 5 },
                { type: "Liveness", httpGet: { path: "/health", port: 8000 }, periodSeconds: 10 },
              ],
              ...more.container,
            },
          ],
          scale: { minReplicas: 1, maxReplicas: 10 },
          ...more.template,
        },
      },
    };
  }

  url(name: string, path = "/"): string {
    return `https://${name}.${this.domain}:${this.ingress.port}${path}`;
  }

  ask(name: string, path = "/"): Promise<Answer> {
    return ask(this.url(name, path), this.caFile, { agent: false });
  }

  state(app: ArmDocument, revision = this.apps.status(app.id).latestRevisionName!): Record<string, unknown> {
    return this.apps.revisions(app.id).find(({ name }) => name === revision)!.properties;
  }

  async ready(app: ArmDocument): Promise<string> {
    await this.apps.apply(app);
    await this.until(() => this.apps.status(app.id).latestReadyRevisionName === this.apps.status(app.id).latestRevisionName);
    return this.apps.status(app.id).latestReadyRevisionName!;
  }

  async until(holds: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
    for (const end = Date.now() + limitMs; !(await holds()); await sleep(20)) if (Date.now() > end) throw new Error(`did not come true within ${limitMs} ms: ${String(holds)}`);
  }

  async containers(app: ArmDocument): Promise<Docker.ContainerInfo[]> {
    return this.docker.listContainers({ all: true, filters: { label: [`toolwharf.instance=${this.layout.instance}`, `toolwharf.app=${app.id}`] } });
  }

  async volumes(): Promise<Docker.VolumeInspectInfo[]> {
    return (await this.docker.listVolumes({ filters: JSON.stringify({ label: [`toolwharf.instance=${this.layout.instance}`] }) })).Volumes ?? [];
  }

  async dispose(): Promise<void> {
    this.apps.close();
    await Promise.all([this.environments.close(), this.ingress.close()]);
    const label = [`toolwharf.instance=${this.layout.instance}`];
    for (const { Id } of await this.docker.listContainers({ all: true, filters: { label } })) await this.docker.getContainer(Id).remove({ force: true });
    for (const { Id } of await this.docker.listNetworks({ filters: { label } })) await this.docker.getNetwork(Id).remove();
    for (const { Name } of await this.volumes()) await this.docker.getVolume(Name).remove();
    await this.registries.close();
    for (const { Id } of await this.docker.listImages({ filters: { reference: [this.image] } })) await this.docker.getImage(Id).remove({ force: true });
    rmSync(this.layout.project, { recursive: true, force: true });
  }
}
