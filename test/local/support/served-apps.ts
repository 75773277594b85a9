import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createAppHost } from "../../../local/apps/app-host.ts";
import { systemClock } from "../../../local/apps/clock.ts";
import type { ArmDocument } from "../../../local/arm/hosts.ts";
import { openCertificates } from "../../../local/certificates.ts";
import { createHttpRouteHost } from "../../../local/http-routes/http-route-host.ts";
import { serveIngress, type Ingress } from "../../../local/ingress/ingress.ts";
import { FakeClock } from "./fake-clock.ts";
import { memoryStore } from "./memory-store.ts";
import { ServerEngine } from "./server-engine.ts";

const DOMAIN = "livelyforest-01234567.westeurope.azurecontainerapps.localhost";

/** Apps behind a real ingress, in real time, `echo` if no other is named; their containers are servers in this process. */
export class ServedApps {
  readonly id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.App/containerApps/echo";
  readonly engine = new ServerEngine(new FakeClock());
  readonly #folder = mkdtempSync(join(tmpdir(), "toolwharf-served-"));
  readonly apps = createAppHost({
    instance: "01234567",
    store: memoryStore(),
    engine: this.engine,
    clock: systemClock,
    logFolder: join(this.#folder, "logs"),
    registries: { has: () => false, pullCredential: () => Promise.reject(new Error("no registry")), resolve: () => Promise.reject(new Error("no registry")) },
    environments: { membershipOf: async () => ({ network: "network", nameServer: "10.0.0.2", authorityFile: "/ca.pem" }), defaultDomainOf: () => DOMAIN },
  });
  readonly httpRoutes = createHttpRouteHost(this.apps);
  #ingress!: Ingress;
  caFile = "";

  async start(): Promise<void> {
    const certificates = await openCertificates(this.#folder);
    this.caFile = certificates.caFile;
    this.#ingress = await serveIngress({ certificates, port: 0, httpPort: 0, apps: { routeOf: ({ host, url, environmentId }) => this.apps.routeOf(host, environmentId) ?? this.httpRoutes.routeOf(host, url) } });
    await this.apps.start();
  }

  app(image: string, more: { name?: string; scale?: object; template?: object; configuration?: object; traffic?: object[] } = {}): ArmDocument {
    const probes = ["Startup", "Readiness", "Liveness"].map((type) => ({ type, httpGet: { path: "/health", port: 8000 } }));
    const { name = "echo" } = more;
    return {
      id: this.id.replace(/echo$/, name),
      name,
      type: "Microsoft.App/containerApps",
      properties: {
        environmentId: "env",
        configuration: { ingress: { external: true, targetPort: 8000, traffic: more.traffic }, ...more.configuration },
        template: { containers: [{ name: "main", image, probes }], scale: more.scale ?? { minReplicas: 1 }, ...more.template },
      },
    };
  }

  /** Of the newest revision. */
  state(name = "echo"): Record<string, unknown> {
    return this.apps.revisions(this.id.replace(/echo$/, name)).at(-1)!.properties;
  }

  /** The environment `env` has the config `tools`. */
  routes(rules: object[]): ArmDocument {
    return { id: "env/httpRouteConfigs/tools", name: "tools", type: "Microsoft.App/managedEnvironments/httpRouteConfigs", properties: { fqdn: `tools.${DOMAIN}`, rules } };
  }

  url(name = "echo", path = "/"): string {
    return `https://${name}.${DOMAIN}:${this.#ingress.port}${path}`;
  }

  async until(holds: () => boolean): Promise<void> {
    for (const end = Date.now() + 15_000; !holds(); await sleep(20)) if (Date.now() > end) throw new Error(`did not come true: ${String(holds)}`);
  }

  async dispose(): Promise<void> {
    this.apps.close();
    await this.#ingress.close();
    for (const server of this.engine.servers.values()) server.close();
    rmSync(this.#folder, { recursive: true });
  }
}
