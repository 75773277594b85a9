import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createAppHost } from "../../../local/apps/app-host.ts";
import { systemClock } from "../../../local/apps/clock.ts";
import type { ArmDocument } from "../../../local/arm/hosts.ts";
import { openCertificates } from "../../../local/certificates.ts";
import { serveIngress, type Ingress } from "../../../local/ingress/ingress.ts";
import { askSteadily } from "../../support/steady-client.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { memoryStore } from "../support/memory-store.ts";
import { ServerEngine } from "../support/server-engine.ts";

const DOMAIN = "livelyforest-01234567.westeurope.azurecontainerapps.localhost";
const folder = mkdtempSync(join(tmpdir(), "toolwharf-change-"));

const engine = new ServerEngine(new FakeClock());
const apps = createAppHost({
  instance: "01234567",
  store: memoryStore(),
  engine,
  clock: systemClock,
  logFolder: join(folder, "logs"),
  registries: { has: () => false, pullCredential: () => Promise.reject(new Error("no registry")), resolve: () => Promise.reject(new Error("no registry")) },
  environments: { membershipOf: async () => ({ network: "network", nameServer: "10.0.0.2", authorityFile: "/ca.pem" }), defaultDomainOf: () => DOMAIN },
});
let ingress: Ingress;
let caFile: string;
const app = (image: string): ArmDocument => ({
  id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.App/containerApps/echo",
  name: "echo",
  type: "Microsoft.App/containerApps",
  properties: {
    environmentId: "env",
    configuration: { ingress: { external: true, targetPort: 8000 } },
    template: {
      containers: [{ name: "main", image, probes: ["Startup", "Readiness", "Liveness"].map((type) => ({ type, httpGet: { path: "/health", port: 8000 } })) }],
      scale: { minReplicas: 2 },
    },
  },
});

beforeAll(async () => {
  const certificates = await openCertificates(folder);
  caFile = certificates.caFile;
  ingress = await serveIngress({ certificates, port: 0, httpPort: 0, apps: { routeOf: ({ host, environmentId }) => apps.routeOf(host, environmentId) } });
  await apps.start();
});
afterAll(async () => {
  apps.close();
  await ingress.close();
  for (const server of engine.servers.values()) server.close();
  rmSync(folder, { recursive: true });
});

test("a client that asks 20 times a second sees no failed request while revisions change, one after another", async () => {
  await apps.apply(app("v0"));
  await sleep(200);
  const client = askSteadily(`https://echo.${DOMAIN}:${ingress.port}/`, caFile, 20);
  await sleep(200);
  for (let version = 1; version <= 6; version += 1) {
    await apps.apply(app(`v${version}`));
    await sleep(300);
  }
  const { asked, failures, bodies } = await client.stop();
  expect(failures).toEqual([]);
  expect(asked).toBeGreaterThan(25);
  expect([...bodies]).toEqual(["v0", "v1", "v2", "v3", "v4", "v5", "v6"]);
  expect(engine.running()).toHaveLength(2);
});
