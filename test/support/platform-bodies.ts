import { ArmError } from "../../local/arm/errors.ts";
import { mergePatch, type JsonObject } from "../../local/arm/json.ts";
import type { World } from "./arm-world.ts";

export const LOCATION = "westeurope";

export const IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities/puller";
export const ENVIRONMENT = "Microsoft.App/managedEnvironments/env";
export const REGISTRY = "Microsoft.ContainerRegistry/registries/wharf12345";
export const WORKSPACE = "Microsoft.OperationalInsights/workspaces/logs";

export const CONSUMPTION_PROFILE = [{ name: "Consumption", workloadProfileType: "Consumption" }];

/** A registry, an identity, an environment with the Consumption profile, and `v1`, an environment without profiles. */
export async function makePlatform(world: World): Promise<void> {
  await world.must("PUT", world.group, { location: LOCATION });
  await world.must("PUT", IDENTITY, { location: LOCATION });
  await world.must("PUT", REGISTRY, { location: LOCATION, sku: { name: "Basic" }, properties: {} });
  await world.must("PUT", ENVIRONMENT, { location: LOCATION, properties: { workloadProfiles: CONSUMPTION_PROFILE } });
  await world.must("PUT", "Microsoft.App/managedEnvironments/v1", { location: LOCATION, properties: {} });
}

/** `Microsoft.App/managedEnvironments/half`, whose creation has failed. */
export async function makeFailedEnvironment(world: World): Promise<void> {
  world.hosts.before = async (call) => {
    if (call.startsWith("environments.start")) throw new ArmError("EnvironmentNetworkFailed", "no network", 500);
  };
  await world.ask("PUT", "Microsoft.App/managedEnvironments/half", { location: LOCATION, properties: {} });
  await world.arm.idle();
}

/** The app that the program declares; `change` is merged in, null removes. */
export function appBody(world: Pick<World, "idOf">, change: JsonObject = {}): JsonObject {
  const identity = world.idOf(IDENTITY);
  const probe = { httpGet: { path: "/health", port: 8000 }, periodSeconds: 5, failureThreshold: 3 };
  const body = {
    location: LOCATION,
    tags: { "toolwharf-stack": "local" },
    identity: { type: "UserAssigned", userAssignedIdentities: { [identity]: {} } },
    properties: {
      environmentId: world.idOf(ENVIRONMENT),
      configuration: {
        activeRevisionsMode: "Single",
        ingress: { external: true, targetPort: 8000, transport: "auto" },
        registries: [{ server: "localhost:5443", identity }],
        identitySettings: [{ identity, lifecycle: "None" }],
      },
      template: {
        containers: [
          {
            name: "weather",
            image: "localhost:5443/tools/weather@sha256:abc",
            resources: { cpu: 0.25, memory: "0.5Gi" },
            probes: ["Startup", "Readiness", "Liveness"].map((type) => ({ type, ...probe })),
          },
        ],
        scale: { minReplicas: 0, maxReplicas: 10, rules: [{ name: "http", http: { metadata: { concurrentRequests: "100" } } }] },
      },
    },
  };
  return mergePatch(body, change) as JsonObject;
}

/** The body with other properties of its first container. */
export function appWithContainer(world: Pick<World, "idOf">, change: JsonObject, rest: JsonObject = {}): JsonObject {
  const body = appBody(world, rest);
  const { template } = body["properties"] as { template: { containers: JsonObject[] } };
  template.containers[0] = mergePatch(template.containers[0], change) as JsonObject;
  return body;
}
