import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { composeMiniature, type Miniature } from "../../local/compose.ts";
import type { Connection } from "../../local/connection.ts";
import { layoutOf } from "../../local/layout.ts";
import { removeImages, removeLeftovers } from "../../local/leftovers.ts";
import { ask, askArm, type Answer } from "./https-client.ts";
import { LOCATION } from "./platform-bodies.ts";
import { finished, makeTinyImage } from "./tiny-image.ts";

const ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
const TOKEN_USER = "00000000-0000-0000-0000-000000000000";

/**
 * The whole miniature in this process: real registry, network, containers and HTTPS, as the daemon composes it, with a resource group
 * `rg`, registry, identity, role and environment, and the tiny server's image in the registry.
 */
export class RunningMiniature {
  readonly docker = new Docker();
  readonly layout = layoutOf(realpathSync(mkdtempSync(join(tmpdir(), "toolwharf-whole-"))));
  readonly log: string[] = [];
  connection!: Connection;
  #miniature: Miniature | undefined;
  loginServer = "";
  /** `<login server>/tiny:v1` */
  image = "";

  async start(): Promise<void> {
    await this.#compose();
    await this.must("PUT", this.group, { location: LOCATION });
    await this.must("PUT", this.id("Microsoft.ContainerRegistry/registries/trial12345"), { location: LOCATION, sku: { name: "Basic" }, properties: {} });
    await this.must("PUT", this.id("Microsoft.ManagedIdentity/userAssignedIdentities/puller"), { location: LOCATION });
    await this.must("PUT", this.id("Microsoft.App/managedEnvironments/env"), { location: LOCATION, properties: {} });
    const registry = await this.settled(this.id("Microsoft.ContainerRegistry/registries/trial12345"));
    await this.settled(this.id("Microsoft.App/managedEnvironments/env"));
    this.loginServer = String(registry.properties.loginServer);
    await this.grantPull();
    this.image = `${this.loginServer}/tiny:v1`;
    await makeTinyImage(this.docker, this.image);
    await this.push(this.image);
  }

  /** As a daemon that is stopped and started again: containers go on, memory does not. */
  async restart(): Promise<void> {
    await this.#miniature?.close();
    await this.#compose();
  }

  async #compose(): Promise<void> {
    this.#miniature = await composeMiniature(this.layout, (line) => this.log.push(line));
    this.connection = { pid: process.pid, startedAt: new Date().toISOString(), ...this.#miniature.connection };
  }

  get group(): string {
    return `/subscriptions/${this.connection.subscriptionId}/resourceGroups/rg`;
  }

  id(path: string): string {
    return `${this.group}/providers/${path}`;
  }

  get token(): string {
    return readFileSync(this.connection.callerTokenFile, "utf8").trim();
  }

  async must(method: string, id: string, payload?: unknown, apiVersion?: string): Promise<Answer> {
    const answer = await askArm(this.connection, method, id, payload, apiVersion);
    if (answer.status >= 300) throw new Error(`${method} ${id}: ${answer.status} ${answer.body}`);
    return answer;
  }

  async grantPull(): Promise<void> {
    const identity = JSON.parse((await this.must("GET", this.id("Microsoft.ManagedIdentity/userAssignedIdentities/puller"))).body) as { properties: { principalId: string } };
    const registry = this.id("Microsoft.ContainerRegistry/registries/trial12345");
    const roleDefinitionId = `/subscriptions/${this.connection.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${ACR_PULL}`;
    await this.must("PUT", `${registry}/providers/Microsoft.Authorization/roleAssignments/${ACR_PULL}`, { properties: { roleDefinitionId, principalId: identity.properties.principalId, principalType: "ServicePrincipal" } }, "2022-04-01");
  }

  /** The resource when no operation is under way on it. */
  async settled(id: string): Promise<{ properties: Record<string, unknown> }> {
    for (;;) {
      const document = JSON.parse((await this.must("GET", id)).body) as { properties: Record<string, unknown> };
      if (["Succeeded", "Failed"].includes(String(document.properties.provisioningState))) return document;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** As the caller, by the registry's token exchange and the engine's push; rejects with the engine's words. */
  async push(image: string): Promise<void> {
    const password = await this.refreshToken();
    const authconfig = { username: TOKEN_USER, password, serveraddress: this.loginServer };
    await finished(this.docker, await this.docker.getImage(image).push({ authconfig }));
  }

  async refreshToken(): Promise<string> {
    const form = new URLSearchParams({ grant_type: "access_token", service: this.loginServer, tenant: this.connection.tenantId, access_token: this.token }).toString();
    const answer = await ask(`https://${this.loginServer}/oauth2/exchange`, this.connection.caFile, { method: "POST", form, headers: { "content-type": "application/x-www-form-urlencoded" } });
    return (JSON.parse(answer.body) as { refresh_token: string }).refresh_token;
  }

  async dispose(): Promise<void> {
    await this.#miniature?.close();
    await removeLeftovers(this.docker, this.layout.instance);
    if (this.loginServer) await removeImages(this.docker, [Number(this.loginServer.split(":")[1])]);
    rmSync(this.layout.project, { recursive: true, force: true });
  }
}
