import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { EngineConnections } from "./connections.ts";
import { providerHandlers } from "./handlers.ts";
import { messageLimits } from "./limits.ts";
import type { Provider } from "./provider.ts";

export interface ProviderServer {
  /** On 127.0.0.1, for `PULUMI_DEBUG_PROVIDERS=<name>:<port>`. */
  port: number;
  /** Waits for the answers under way, at most 5 seconds. */
  close(): Promise<void>;
}

const CLOSE_GRACE_MS = 5000;

/** @param port 0 for a free one. @throws Error when the port is taken. */
export async function serveProvider(provider: Provider, port = 0): Promise<ProviderServer> {
  const connections = new EngineConnections();
  const server = new grpc.Server(messageLimits);
  server.addService(services.ResourceProviderService, providerHandlers(provider, connections) as never);
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error, chosen) => (error ? reject(error) : resolve(chosen)));
  });
  return {
    port: bound,
    close: async () => {
      const force = setTimeout(() => server.forceShutdown(), CLOSE_GRACE_MS);
      await new Promise<void>((done) => server.tryShutdown(() => done()));
      clearTimeout(force);
      connections.close();
    },
  };
}
