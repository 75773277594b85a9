import { rm } from "node:fs/promises";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Metadata } from "./acr/api.ts";
import type { ArmDocument, RegistryHost } from "../arm/hosts.ts";
import type { Certificates } from "../certificates.ts";
import type { DocumentStore } from "../document-store.ts";
import { openFaults, type Faults } from "../faults/faults.ts";
import type { Layout } from "../layout.ts";
import { manifestUnknown, unauthorized, type RegistryError } from "./answers.ts";
import { openAttributes } from "./attributes.ts";
import { openContent } from "./content.ts";
import { openFailures } from "./failures.ts";
import { serveFront, type Front } from "./front.ts";
import { grant, type PermissionMode, type RoleCheck } from "./grants.ts";
import { openLocks } from "./locks.ts";
import { cover } from "./scopes.ts";
import { digestOf } from "./storage-lookup.ts";
import { contentFolder, endLeftProcess, startStorage, type StorageProcess } from "./storage-process.ts";
import { TOKEN_USER, type TokenContext, type TokenVerifier } from "./token-endpoints.ts";
import { openRegistryTokens } from "./tokens.ts";

/** Ports for login servers, the first free one of them. */
const FIRST_PORT = 5443;
const PORTS = 400;

/**
 * The ports to try, first to last. Each miniature begins elsewhere: while a daemon is down, another miniature on the
 * machine would else be given the very port that is part of this one's image names.
 */
function preferredPorts(instance: string): number[] {
  const first = Number.parseInt(instance, 16) % PORTS;
  return Array.from({ length: PORTS }, (_, index) => FIRST_PORT + ((first + index) % PORTS));
}

export interface Ports {
  /** A free port, the same at every start; rejects when the remembered one belongs to another process. */
  reserve(name: string, preferred: number[]): Promise<number>;
}

export interface Credential {
  username: string;
  password: string;
}

/** What the app host needs of registries. */
export interface ImageSource {
  /** Whether the registry of this login server is one of this miniature. */
  has(loginServer: string): boolean;
  /** A short-lived credential for pulls by this principal. It says who asks, not that it may. */
  pullCredential(loginServer: string, principalId: string): Promise<Credential>;
  /** Looks a tag or digest up as this principal (`undefined`: anonymous). */
  resolve(loginServer: string, repository: string, reference: string, principalId: string | undefined): Promise<{ digest: string } | { error: RegistryError }>;
}

interface Kept {
  id: string;
  name: string;
  port: number;
  mode: PermissionMode;
}

interface Running {
  kept: Kept;
  loginServer: string;
  storage: StorageProcess;
  front: Front;
}

export interface RegistryHostOptions {
  layout: Layout;
  store: DocumentStore;
  ports: Ports;
  certificates: Certificates;
  tokens: TokenVerifier;
  access: RoleCheck;
  /** @default none that is on */
  faults?: Faults;
  log?: (line: string) => void;
}

/** @returns a host with every stored registry already serving again. */
export async function createRegistryHost(options: RegistryHostOptions): Promise<RegistryHost & ImageSource & { close(): Promise<void> }> {
  const { layout, store, ports, certificates, access, faults = openFaults() } = options;
  const tokens = openRegistryTokens(layout.registries);
  const running = new Map<string, Promise<Running>>();
  const servers = new Map<string, Running>();
  const keyOf = (id: string) => `registries/${id.toLowerCase()}`;
  const folderOf = ({ name }: Kept) => join(layout.registries, name.toLowerCase());
  const metadataOf = (kept: Kept): Metadata => {
    const content = openContent(contentFolder(folderOf(kept)));
    const attributes = openAttributes(store, keyOf(kept.id));
    return { content, attributes, locks: openLocks(attributes, content) };
  };
  const contextOf = (each: Running): TokenContext => ({
    registry: { id: each.kept.id, mode: each.kept.mode, loginServer: each.loginServer },
    tokens,
    entra: options.tokens,
    roles: access,
  });

  const launch = async (kept: Kept): Promise<Running> => {
    await ports.reserve(portName(kept.name), [kept.port]);
    const storage = await startStorage(folderOf(kept), options.log ?? (() => undefined));
    try {
      const each: Running = { kept, loginServer: `localhost:${kept.port}`, storage, front: { close: async () => undefined } };
      const certificate = await certificates.issue(["localhost", "127.0.0.1", "::1"]);
      each.front = await serveFront({ context: () => contextOf(each), storage, metadata: metadataOf(kept), failures: openFailures(faults, kept.name), certificate, port: kept.port, log: options.log });
      servers.set(each.loginServer, each);
      return each;
    } catch (error) {
      await storage.stop();
      throw error;
    }
  };
  const launchOnce = (kept: Kept): Promise<Running> => {
    const key = keyOf(kept.id);
    const started = running.get(key) ?? launch(kept);
    running.set(key, started);
    started.catch(() => running.delete(key));
    return started;
  };
  const halt = async (key: string): Promise<void> => {
    const each = await running.get(key)?.catch(() => undefined);
    running.delete(key);
    if (!each) return;
    servers.delete(each.loginServer);
    await each.front.close();
    await each.storage.stop();
  };
  const close = async (): Promise<void> => {
    await Promise.all([...running.keys()].map(halt));
  };

  const registries = store.list<Kept>("registries/").filter(({ key, value }) => value.id !== undefined && key === keyOf(value.id));
  const launched = await Promise.allSettled(registries.map(({ value }) => launchOnce(value)));
  const failed = launched.find(({ status }) => status === "rejected");
  if (failed) {
    // Those that did start have processes of their own, which nobody else would end.
    await close();
    throw (failed as PromiseRejectedResult).reason;
  }

  return {
    async start(registry) {
      const key = keyOf(registry.id);
      const kept = store.get<Kept>(key) ?? {
        id: registry.id,
        name: registry.name,
        port: await ports.reserve(portName(registry.name), preferredPorts(layout.instance)),
        mode: modeOf(registry),
      };
      kept.mode = modeOf(registry);
      store.put(key, kept);
      const each = await launchOnce(kept);
      each.kept.mode = kept.mode;
      return { loginServer: each.loginServer };
    },
    async remove(registryId) {
      const key = keyOf(registryId);
      const kept = store.get<Kept>(key);
      await halt(key);
      if (kept) await rm(folderOf(kept), { recursive: true, force: true });
      for (const below of store.list(`${key}/`)) store.delete(below.key);
      store.delete(key);
    },
    close,
    has: (loginServer) => servers.has(loginServer),
    pullCredential: async (loginServer, principalId) => ({ username: TOKEN_USER, password: await tokens.refreshToken(loginServer, principalId) }),
    async resolve(loginServer, repository, reference, principalId) {
      const each = servers.get(loginServer);
      const needs = [{ type: "repository", name: repository, actions: ["pull"] }];
      const held = each && principalId ? grant(needs, contextOf(each).registry, principalId, access) : [];
      if (!each || !cover(held, needs)) return { error: unauthorized(needs) };
      const digest = await digestOf(await each.storage.port(), repository, reference);
      return digest ? { digest } : { error: manifestUnknown(repository, reference) };
    },
  };
}

/** Ends storage processes that a killed daemon left; for a clean-up without a daemon. */
export async function endLeftRegistries(layout: Layout): Promise<void> {
  let names: string[] = [];
  try {
    names = readdirSync(layout.registries);
  } catch {
    return;
  }
  await Promise.all(names.map((name) => endLeftProcess(join(layout.registries, name))));
}

/** A name with which the port never changes: it is part of image names. */
const portName = (registry: string): string => `registry-${registry.toLowerCase()}`;

const modeOf = (registry: ArmDocument): PermissionMode =>
  registry.properties.roleAssignmentMode === "AbacRepositoryPermissions" ? "abac" : "legacy";
