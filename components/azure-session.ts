import { getClientConfig } from "@pulumi/azure-native/authorization/getClientConfig.js";
import { getClientToken } from "@pulumi/azure-native/authorization/getClientToken.js";
import { keepToken } from "../azure/access-token.ts";
import { createArmReader } from "../azure/arm-reader.ts";
import type { ArmReader } from "../azure/arm-reader.ts";
import { createHttp } from "../azure/http.ts";
import type { Http } from "../azure/http.ts";
import { exchangeToken, openRegistry, RegistryFailure } from "../azure/registry.ts";
import type { Registry } from "../azure/registry.ts";
import { parseResourceId } from "../azure/resource-id.ts";
import { Failure } from "./failure.ts";
import { missingRole } from "./push-refusal.ts";
import type { RegistryPermissions, Settings } from "./settings.ts";

/** Azure as whoever runs the program, beside the engine: live state, and the registry. Never opened in a preview. */
export interface AzureSession {
  subscriptionId: string;
  http: Http;
  arm: ArmReader;
  /**
   * The registry, with the password of a push to it. Exchanged once a run, however many images ask.
   *
   * @throws Failure `PUSH_REFUSED` naming the role, `REGISTRY_UNREACHABLE`
   */
  registry: (platform: { loginServer: string; registryId: string; registryPermissions: RegistryPermissions }) => Promise<{ password: string; registry: Registry }>;
}

/** Asks the provider for its own token and tenant: no credential is configured or stored. */
export async function openAzure(settings: Pick<Settings, "armEndpoint" | "trustedCaFile">): Promise<AzureSession> {
  const token = keepToken(async () => (await getClientToken()).token);
  const [{ subscriptionId, tenantId }] = await Promise.all([getClientConfig(), token()]);
  const http = createHttp(settings.trustedCaFile);
  const opened = new Map<string, ReturnType<AzureSession["registry"]>>();
  return {
    subscriptionId,
    http,
    arm: createArmReader({ endpoint: settings.armEndpoint, token, http }),
    registry: (platform) => {
      const { loginServer } = platform;
      const known = opened.get(loginServer);
      if (known) return known;
      const opening = exchangeToken({ loginServer, tenantId, token, http }).then(
        (password) => ({ password, registry: openRegistry({ loginServer, refreshToken: password, http }) }),
        (error: unknown) => {
          throw exchangeFailure(error, platform);
        },
      );
      opened.set(loginServer, opening);
      return opening;
    },
  };
}

function exchangeFailure(error: unknown, { loginServer, registryId, registryPermissions }: Parameters<AzureSession["registry"]>[0]): Failure {
  if (error instanceof RegistryFailure && error.refused) {
    const { needed, next } = missingRole("push", registryPermissions, registryId);
    const switchedOff = `az acr config authentication-as-arm show -r ${parseResourceId(registryId)?.name ?? loginServer.split(".")[0]}`;
    return new Failure("PUSH_REFUSED", error.message, { needed, next: `${next}\nor, where the role is there, see whether the registry takes tokens of Resource Manager at all: ${switchedOff}` });
  }
  return new Failure("REGISTRY_UNREACHABLE", `the registry ${loginServer} could not be asked for a token: ${(error as Error).message}`, {
    allowed: "an answer within 5 seconds, at one of several tries in a minute",
    next: "check the network and toolwharf:trustedCaFile, then run the same command again",
  });
}
