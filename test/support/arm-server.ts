import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ARM_AUDIENCE, serveArm, type ArmServer } from "../../local/arm/server.ts";
import type { ArmRequest } from "../../local/arm/request.ts";
import { openCertificates } from "../../local/certificates.ts";
import { openTokenAuthority, type TokenAuthority } from "../../local/entra/tokens.ts";
import { controlFaults, isFaultsPath } from "../../local/faults/control.ts";
import { openWorld, type World } from "./arm-world.ts";

/** A world whose ARM is served over HTTPS. */
export interface ServedWorld {
  world: World;
  server: ArmServer;
  tokens: TokenAuthority;
  caPem: string;
  caFile: string;
  callerToken(): Promise<string>;
  close(): Promise<void>;
}

export async function serveWorld(): Promise<ServedWorld> {
  const folder = mkdtempSync(join(tmpdir(), "arm-server-"));
  const world = openWorld();
  const [tokens, certificates] = await Promise.all([openTokenAuthority(folder, world.tenant), openCertificates(folder)]);
  const certificate = await certificates.issue(["localhost", "127.0.0.1"]);
  const beside = { has: isFaultsPath, handle: (request: ArmRequest) => controlFaults(world.faults, world.tenant.callerPrincipalId, request) };
  const server = await serveArm({ arm: world.arm, tokens, beside, certificate, port: 0 });
  return {
    world,
    server,
    tokens,
    caPem: certificates.caPem,
    caFile: certificates.caFile,
    callerToken: () => tokens.issue({ principalId: world.tenant.callerPrincipalId, audience: ARM_AUDIENCE }),
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
