import { openEngine } from "../builders/docker/engine.ts";
import { createAppHost } from "./apps/app-host.ts";
import { systemClock } from "./apps/clock.ts";
import { dockerEngine } from "./apps/docker-engine.ts";
import { createArm } from "./arm/arm.ts";
import { createAccess } from "./arm/authorization/access.ts";
import { grantCallerDefaults } from "./arm/authorization/assignments.ts";
import { openDocuments } from "./arm/documents.ts";
import { azureFileOf } from "./arm/managed-environment-storages/lookup.ts";
import { ARM_AUDIENCE, serveArm } from "./arm/server.ts";
import { keepCallerToken } from "./caller-token.ts";
import { openCertificates } from "./certificates.ts";
import type { Connection } from "./connection.ts";
import { openDocumentStore } from "./document-store-files.ts";
import { openTenant } from "./entra/tenant.ts";
import { openTokenAuthority } from "./entra/tokens.ts";
import { createEnvironmentHost } from "./environments/environment-host.ts";
import { controlFaults, isFaultsPath } from "./faults/control.ts";
import { knownFrom, openFaults } from "./faults/faults.ts";
import { createHttpRouteHost } from "./http-routes/http-route-host.ts";
import { serveIngress } from "./ingress/ingress.ts";
import type { Asked } from "./ingress/route.ts";
import type { Layout } from "./layout.ts";
import { removeImages } from "./leftovers.ts";
import { openPorts } from "./ports.ts";
import { serveProviders } from "./providers/serve.ts";
import { createRegistryHost } from "./registry/registry-host.ts";

/** A miniature whose servers all listen. */
export interface Miniature {
  connection: Omit<Connection, "pid" | "startedAt">;
  /** Stops accepting, lets what is under way end, stops the registries' processes. Containers go on running. */
  close(): Promise<void>;
}

const range = (first: number): number[] => Array.from({ length: 20 }, (_, index) => first + index);
const ARM_PORTS = range(8900);
const INGRESS_PORTS = [443, 8443, ...range(8444)];
const PLAIN_INGRESS_PORTS = [80, ...range(8080)];

/** Puts the parts together, each after what it stands on, and takes up what an earlier daemon left. */
export async function composeMiniature(layout: Layout, log: (line: string) => void): Promise<Miniature> {
  const closing: Array<() => unknown> = [];
  const close = async () => {
    for (const each of closing.splice(0).reverse()) await each();
  };
  try {
    return { connection: await compose(layout, log, closing), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function compose(layout: Layout, log: (line: string) => void, closing: Array<() => unknown>): Promise<Miniature["connection"]> {
  const docker = await openEngine();
  const ports = openPorts(layout.portsFile);
  const store = openDocumentStore(layout.documents);

  const tenant = openTenant(store);
  const { tenantId, subscriptionId, callerPrincipalId } = tenant;
  const tokens = await openTokenAuthority(layout.root, tenant);
  grantCallerDefaults(store, tenant);
  const faults = openFaults();
  const access = createAccess({ store, knownFrom: (createdOn) => knownFrom(faults, createdOn) });
  const certificates = await openCertificates(layout.certificates);

  const registries = await createRegistryHost({ layout, store, ports, certificates, tokens, access, faults, log });
  closing.push(() => registries.close());
  const removeRegistry = async (id: string): Promise<void> => {
    const port = store.get<{ port: number }>(`registries/${id.toLowerCase()}`)?.port;
    await registries.remove(id);
    if (port === undefined) return;
    // While nobody else can have the port, so that no other miniature's images bear its name.
    await removeImages(docker, [port]).catch((error: Error) => log(`images of the registry on port ${port} were not removed: ${error.message}`));
    ports.release(port);
  };
  const environments = createEnvironmentHost({
    instance: layout.instance,
    store,
    docker,
    socketsFolder: layout.gateways,
    authorityFile: certificates.caFile,
    log,
  });
  const documents = openDocuments(store);
  const apps = createAppHost({
    instance: layout.instance,
    store,
    engine: dockerEngine(docker, layout.instance, systemClock),
    registries,
    environments,
    shareOf: (environmentId, storageName) => azureFileOf(documents, environmentId, storageName),
    logFolder: layout.appLogs,
    faults,
    log,
  });
  closing.push(() => apps.close());
  await apps.start();

  const httpRoutes = createHttpRouteHost(apps);
  const arm = createArm({ store, hosts: { registries: { ...registries, remove: removeRegistry }, environments, apps, httpRoutes }, access, faults, subscriptionId, tenantId, log });
  closing.push(() => arm.idle());
  await arm.resume();
  const served = await serveArm({
    arm,
    tokens,
    beside: { has: isFaultsPath, handle: (request) => controlFaults(faults, callerPrincipalId, request) },
    certificate: await certificates.issue(["localhost", "127.0.0.1"]),
    port: await ports.reserve("arm", ARM_PORTS),
  });
  closing.push(() => served.close());

  const ingressPort = await ports.reserve("ingress", INGRESS_PORTS);
  const httpPort = await ports.reserve("ingress-http", PLAIN_INGRESS_PORTS);
  const routeOf = ({ host, url, environmentId }: Asked) => apps.routeOf(host, environmentId) ?? httpRoutes.routeOf(host, url);
  const ingress = await serveIngress({ certificates, port: ingressPort, httpPort, apps: { routeOf } });
  await environments.serve(ingress);
  closing.push(() => Promise.all([environments.close(), ingress.close()]));

  const providers = await serveProviders({
    arm,
    armEndpoint: served.endpoint,
    principalId: callerPrincipalId,
    tenantId,
    subscriptionId,
    issueToken: (audience) => tokens.issue({ principalId: callerPrincipalId, audience }),
    docker,
    projectFolder: layout.project,
    portOf: (name) => ports.reserve(`provider-${name}`, []),
  });
  closing.push(() => providers.close());

  const { callerTokenFile } = layout;
  closing.push(await keepCallerToken({ file: callerTokenFile, tokens, principalId: callerPrincipalId, audience: ARM_AUDIENCE, log }));
  return {
    instance: layout.instance,
    armEndpoint: served.endpoint,
    caFile: certificates.caFile,
    subscriptionId,
    tenantId,
    callerPrincipalId,
    callerTokenFile,
    ingressPort,
    providers: providers.ports,
  };
}
