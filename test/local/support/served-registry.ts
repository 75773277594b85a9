import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCertificates } from "../../../local/certificates.ts";
import { openTokenAuthority, type TokenAuthority } from "../../../local/entra/tokens.ts";
import { layoutOf } from "../../../local/layout.ts";
import { openPorts } from "../../../local/ports.ts";
import { createRegistryHost } from "../../../local/registry/registry-host.ts";
import { memoryStore } from "./memory-store.ts";

const TENANT = { tenantId: "11111111-1111-1111-1111-111111111111", subscriptionId: "22222222-2222-2222-2222-222222222222" };
const REGISTRY_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/data01";

/** One registry of the miniature with real tokens; what a principal may do is a set of words that a test changes. */
export class ServedRegistry {
  readonly layout = layoutOf(mkdtempSync(join(tmpdir(), "toolwharf-acr-")));
  readonly store = memoryStore();
  /** `<principal> <action after the registry's type>`, with `data:` before a data action: `me pull/read`, `me data:catalog/read`. */
  readonly roles = new Set<string>();
  host!: Awaited<ReturnType<typeof createRegistryHost>>;
  loginServer = "";
  caFile = "";
  caPem = "";
  private entra!: TokenAuthority;

  async start(properties: Record<string, unknown> = {}): Promise<this> {
    const certificates = await openCertificates(this.layout.certificates);
    this.caFile = certificates.caFile;
    this.caPem = readFileSync(this.caFile, "utf8");
    this.entra = await openTokenAuthority(this.layout.root, TENANT);
    this.host = await createRegistryHost({
      layout: this.layout,
      store: this.store,
      certificates,
      ports: openPorts(this.layout.portsFile),
      tokens: this.entra,
      access: {
        allows: (principal, kind, action, scope) =>
          scope === REGISTRY_ID && this.roles.has(`${principal} ${kind === "dataAction" ? "data:" : ""}${action.replace("Microsoft.ContainerRegistry/registries/", "")}`),
      },
    });
    await this.configure(properties);
    return this;
  }

  async configure(properties: Record<string, unknown>): Promise<void> {
    const document = { id: REGISTRY_ID, name: "data01", type: "Microsoft.ContainerRegistry/registries", properties };
    this.loginServer = (await this.host.start(document)).loginServer;
  }

  readonly id = REGISTRY_ID;

  get endpoint(): string {
    return `https://${this.loginServer}`;
  }

  get storageFolder(): string {
    return join(this.layout.registries, "data01");
  }

  grant(principal: string, ...actions: string[]): void {
    for (const action of actions) this.roles.add(`${principal} ${action}`);
  }

  /** A static credential: the miniature's Entra token of the principal for the audience that Azure's client asks for. */
  credential(principal: string): { getToken(): Promise<{ token: string; expiresOnTimestamp: number }> } {
    const token = this.entra.issue({ principalId: principal, audience: "https://containerregistry.azure.net" });
    return { getToken: async () => ({ token: await token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  }

  async restart(): Promise<void> {
    await this.host.close();
    await this.start();
  }

  async stop(): Promise<void> {
    await this.host.close();
    rmSync(this.layout.project, { recursive: true, force: true });
  }
}
