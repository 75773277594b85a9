import { azureNativeProvider } from "./azure-native/provider.ts";
import { dockerProvider } from "./docker/provider.ts";
import { serveProvider } from "./grpc/server.ts";
import { randomProvider } from "./random/provider.ts";
import type { AzureNativeOptions } from "./azure-native/provider.ts";
import type { Connection } from "../connection.ts";
import type { DockerProviderOptions } from "./docker/provider.ts";
import type { Provider } from "./grpc/provider.ts";

export interface ServeProvidersOptions extends AzureNativeOptions, DockerProviderOptions {
  /** Chooses a provider's port by its package name. @default a free one each time */
  portOf?(name: keyof Connection["providers"]): Promise<number>;
}

export interface ServedProviders {
  /** For `PULUMI_DEBUG_PROVIDERS`. */
  ports: Connection["providers"];
  /** Waits for the requests under way; engines that are still there get no further answer. */
  close(): Promise<void>;
}

/** Serves every provider that the program uses, on 127.0.0.1, for any number of engines at a time. */
export async function serveProviders(options: ServeProvidersOptions): Promise<ServedProviders> {
  const serve = async (provider: Provider, name: keyof Connection["providers"]) => serveProvider(provider, await options.portOf?.(name));
  const azureNative = await serve(azureNativeProvider(options), "azure-native");
  const docker = await serve(dockerProvider(options), "docker");
  const random = await serve(randomProvider(), "random");
  return {
    ports: { "azure-native": azureNative.port, docker: docker.port, random: random.port },
    close: async () => {
      await Promise.all([azureNative, docker, random].map((server) => server.close()));
    },
  };
}
