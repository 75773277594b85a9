import { serveFake } from "../azure/fake-server.ts";
import type { FakeAnswer, FakeRequest, FakeServer } from "../azure/fake-server.ts";

export const SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";

export interface FakeApp {
  tags?: Record<string, string>;
  image: string;
  revision: string;
  /** @default the same as `revision` */
  ready?: string;
  /** Image of the ready revision, when that is another one. */
  readyImage?: string;
  runningState?: string;
}

/** ARM, registry and ingress on one loopback server: as much of them as the program asks. */
export class FakeAzure implements AsyncDisposable {
  readonly apps = new Map<string, FakeApp>();
  /** Other ARM documents, by id. */
  readonly documents = new Map<string, unknown>();
  /** `repository:tag` of what the registry has. */
  readonly images = new Set<string>();
  /** Status of the token exchange. */
  exchange = 200;
  /** Status of every ARM request; 200: as it is. */
  armStatus = 200;
  /** From this ARM request on, ARM fails. */
  armStatusAfter?: { requests: number; status: number };
  #armRequests = 0;
  /** Names of apps that may not be read. */
  readonly closed = new Set<string>();
  /** Status of every endpoint. */
  endpoint = 200;
  readonly server: FakeServer;

  private constructor(server: FakeServer) {
    this.server = server;
  }

  static async start(): Promise<FakeAzure> {
    let fake: FakeAzure | undefined;
    const server = await serveFake((request) => fake!.#answer(request));
    fake = new FakeAzure(server);
    return fake;
  }

  get requests(): string[] {
    return this.server.requests.map(({ method, path }) => `${method} ${path}`);
  }

  fqdn(name: string): string {
    return `${name}.apps.localhost`;
  }

  #answer({ method, host, path }: FakeRequest): FakeAnswer | undefined {
    if (host.split(":")[0]!.endsWith(".apps.localhost")) return { status: this.endpoint };
    if (path === "/oauth2/exchange") return { status: this.exchange, body: { refresh_token: "refresh" } };
    if (path === "/oauth2/token") return { body: { access_token: "access" } };
    const manifest = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(path);
    if (method === "HEAD" && manifest) return this.images.has(`${manifest[1]}:${manifest[2]}`) ? { headers: { "docker-content-digest": "sha256:d" } } : { status: 404 };
    if (this.armStatus !== 200) return { status: this.armStatus, body: { error: { code: "AuthorizationFailed", message: "No right." } } };
    if (this.armStatusAfter && (this.#armRequests += 1) > this.armStatusAfter.requests) return { status: this.armStatusAfter.status };
    return this.#arm(path);
  }

  #arm(path: string): FakeAnswer | undefined {
    const [, name, revision] = /\/containerApps\/([^/]+)(?:\/revisions\/([^/]+))?$/.exec(path) ?? [];
    if (this.documents.has(path)) return { body: this.documents.get(path) };
    if (this.closed.has(name ?? "")) return { status: 403 };
    const app = this.apps.get(name ?? "");
    if (!app) return undefined;
    const { image, readyImage = image, ready = app.revision, runningState = "Running", tags } = app;
    const template = (which: string) => ({ containers: [{ name: "tool", image: which }] });
    if (revision) return { body: { name: revision, properties: { runningState, provisioningState: "Provisioned", replicas: 1, fqdn: this.fqdn(revision), template: template(revision === app.revision ? image : readyImage) } } };
    const properties = {
      provisioningState: "Succeeded",
      latestRevisionName: app.revision,
      latestReadyRevisionName: ready,
      configuration: { ingress: { fqdn: this.fqdn(name!) } },
      template: template(image),
    };
    return { body: { id: path, tags, properties } };
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.server[Symbol.asyncDispose]();
  }
}
