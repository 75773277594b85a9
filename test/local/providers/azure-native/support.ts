import { azureNativeProvider } from "../../../../local/providers/azure-native/provider.ts";
import { serveProvider } from "../../../../local/providers/grpc/server.ts";
import { connectEngine } from "../../../support/fake-engine.ts";
import { memoryArm } from "../../../support/memory-arm.ts";
import type { ProviderServer } from "../../../../local/providers/grpc/server.ts";
import type { FakeEngine } from "../../../support/fake-engine.ts";
import type { MemoryArm } from "../../../support/memory-arm.ts";

export const SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";
export const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg`;

export interface Bench {
  arm: MemoryArm;
  engine: FakeEngine;
  server: ProviderServer;
  close(): Promise<void>;
}

/** The provider over an ARM in memory, and an engine that is connected and configured. */
export async function openBench(config: Record<string, string> = { location: "westeurope" }): Promise<Bench> {
  const arm = memoryArm();
  const provider = azureNativeProvider({
    arm,
    armEndpoint: "https://localhost:1",
    principalId: "caller",
    tenantId: "tenant",
    subscriptionId: SUBSCRIPTION,
    issueToken: async (audience) => `token for ${audience}`,
  });
  const server = await serveProvider(provider);
  const engine = await connectEngine(server.port);
  await engine.configure(config);
  return {
    arm,
    engine,
    server,
    close: async () => {
      engine.close();
      await server.close();
    },
  };
}

const TYPES = {
  group: "azure-native:resources:ResourceGroup",
  registry: "azure-native:containerregistry:Registry",
  workspace: "azure-native:operationalinsights:Workspace",
  identity: "azure-native:managedidentity:UserAssignedIdentity",
  assignment: "azure-native:authorization:RoleAssignment",
  environment: "azure-native:app:ManagedEnvironment",
  storage: "azure-native:app:ManagedEnvironmentsStorage",
  app: "azure-native:app:ContainerApp",
  routes: "azure-native:app:HttpRouteConfig",
};

/** A URN as the engine writes it for a child of a component. */
export function urnOf(type: keyof typeof TYPES | string, name = "thing"): string {
  return `urn:pulumi:local::toolwharf::toolwharf:index:ToolServer$${TYPES[type as keyof typeof TYPES] ?? type}::${name}`;
}
