import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { createAppHost } from "../../../local/apps/app-host.ts";
import { systemClock } from "../../../local/apps/clock.ts";
import type { ArmDocument } from "../../../local/arm/hosts.ts";
import { openCertificates } from "../../../local/certificates.ts";
import { serveIngress, type Ingress } from "../../../local/ingress/ingress.ts";
import { askSteadily } from "../../support/steady-client.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { memoryStore } from "../support/memory-store.ts";
import { ServerEngine } from "../support/server-engine.ts";

jest.setTimeout(30_000);

const DOMAIN = "livelyforest-01234567.westeurope.azurecontainerapps.localhost";
const ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.App/containerApps/echo";
const folder = mkdtempSync(join(tmpdir(), "toolwharf-scale-"));
const engine = new ServerEngine(new FakeClock());
const apps = createAppHost({
  instance: "01234567",
  store: memoryStore(),
  engine,
  clock: systemClock,
  logFolder: join(folder, "logs"),
  registries: { has: () => false, pullCredential: () => Promise.reject(new Error("no registry")), resolve: () => Promise.reject(new Error("no registry")) },
  environments: { networkOf: async () => "network", defaultDomainOf: () => DOMAIN, defaultDomains: () => [DOMAIN] },
});
let ingress: Ingress;
let caFile: string;
/** Azure's 15 s and 300 s in a second each. */
const app: ArmDocument = {
  id: ID,
  name: "echo",
  type: "Microsoft.App/containerApps",
  properties: {
    environmentId: "env",
    configuration: { ingress: { external: true, targetPort: 8000 } },
    template: {
      containers: [{ name: "main", image: "v1", probes: ["Startup", "Readiness", "Liveness"].map((type) => ({ type, httpGet: { path: "/health", port: 8000 } })) }],
      scale: { minReplicas: 0, maxReplicas: 4, pollingInterval: 1, cooldownPeriod: 1, rules: [{ name: "http", http: { metadata: { concurrentRequests: "12" } } }] },
    },
  },
};
const state = () => apps.revisions(ID).at(-1)!.properties;
const until = async (holds: () => boolean) => {
  for (const end = Date.now() + 8_000; !holds(); await sleep(20)) if (Date.now() > end) throw new Error(`did not come true: ${String(holds)}`);
};

beforeAll(async () => {
  const certificates = await openCertificates(folder);
  caFile = certificates.caFile;
  ingress = await serveIngress({ certificates, port: 0, httpPort: 0, apps });
  await apps.start();
  await apps.apply(app);
});
afterAll(async () => {
  apps.close();
  await ingress.close();
  for (const server of engine.servers.values()) server.close();
  rmSync(folder, { recursive: true });
});

test("no request is lost at 40 a second while replicas come, while they go, and from zero", async () => {
  const url = `https://echo.${DOMAIN}:${ingress.port}/`;
  await until(() => state().runningState === "ScaledToZero");
  engine.answerMs = 200;
  const many = askSteadily(url, caFile, 40);
  await until(() => state().runningState === "RunningAtMaxScale");
  await sleep(1_500);
  const busy = engine.running().map((id) => engine.answered.get(id) ?? 0);
  expect(busy).toHaveLength(4);
  expect(Math.min(...busy)).toBeGreaterThan(5);

  // Less, but never none: the replicas that go have requests that are open.
  const few = askSteadily(url, caFile, 20);
  const first = await many.stop();
  await until(() => state().replicas === 2);
  await until(() => engine.running().length === 2);
  const second = await few.stop();
  expect([...first.failures, ...second.failures]).toEqual([]);
  // The ingress sends a GET again that broke, so a replica that ends too early shows only here.
  expect(engine.cutOff).toBe(0);
  expect(first.asked).toBeGreaterThan(60);
  await until(() => state().runningState === "ScaledToZero" && engine.running().length === 0);
});
