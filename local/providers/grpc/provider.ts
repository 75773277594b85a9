import type { PropertyMap } from "./property-values.ts";

export type Severity = "debug" | "info" | "warning" | "error";

/** What every request brings along. */
export interface RequestContext {
  /** Configuration of the provider instance on the other side, `pulumi config set <package>:<key>`. */
  config: PropertyMap;
  /** Shown beside the resource in the engine's output. `ephemeral` lines are progress and are not kept. Never throws. */
  log(severity: Severity, message: string, options?: { ephemeral?: boolean }): void;
  /** Aborted when the engine is interrupted or gone, or when the resource's own timeout is over. */
  signal: AbortSignal;
  /** Aborted only when the engine is gone: for work that an interrupt lets finish. */
  gone: AbortSignal;
}

export interface ResourceContext extends RequestContext {
  urn: string;
  /** Type token: the resource's type in `urn`, without its parents' types. */
  type: string;
  /** Last part of `urn`: the name in the program. */
  name: string;
}

export interface AutoNaming {
  proposedName: string;
  mode: "propose" | "enforce" | "disable";
}

export interface CheckRequest {
  /** Inputs in the state; undefined on the first creation. */
  olds: PropertyMap | undefined;
  news: PropertyMap;
  /** 32 random bytes of this engine run; empty when the engine sent none. */
  randomSeed: Uint8Array;
  autoNaming: AutoNaming | undefined;
}

export interface CheckFailure {
  property: string;
  reason: string;
}

export type DiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface Diff {
  changes: "none" | "some";
  /** Changed paths, as in `configuration.ingress.external` or `template.containers[0].image`. */
  detailed: Record<string, DiffKind>;
  /** Whether a replacement deletes the old resource first. */
  deleteBeforeReplace: boolean;
}

export interface DiffRequest {
  id: string;
  oldInputs: PropertyMap | undefined;
  oldOutputs: PropertyMap;
  news: PropertyMap;
}

export interface CreateRequest {
  inputs: PropertyMap;
  preview: boolean;
}

export interface UpdateRequest extends CreateRequest {
  id: string;
  oldInputs: PropertyMap | undefined;
  oldOutputs: PropertyMap;
}

export interface ReadRequest {
  id: string;
  /** Undefined when there is no state yet: an import, or a resource that is only looked up. */
  oldInputs: PropertyMap | undefined;
  oldOutputs: PropertyMap;
}

export interface ReadResult {
  /** Empty when the resource is gone. */
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
}

export interface DeleteRequest {
  id: string;
  oldInputs: PropertyMap | undefined;
  oldOutputs: PropertyMap;
}

/**
 * A Pulumi provider without its wire format: values are decoded, secrets and unknowns are typed, and whatever is
 * thrown reaches the engine as an error of the resource.
 */
export interface Provider {
  /** Package name, `azure-native`. */
  name: string;
  /** Version of the SDK package that this provider answers to. */
  version: string;
  /** Called once for a provider instance; a throw fails the run before any resource. */
  configure?(config: PropertyMap): Promise<void>;
  invoke(token: string, args: PropertyMap, context: RequestContext): Promise<PropertyMap>;
  check(request: CheckRequest, context: ResourceContext): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }>;
  diff(request: DiffRequest, context: ResourceContext): Promise<Diff>;
  /** In a preview `id` is ignored, and a top-level output left out is unknown. */
  create(request: CreateRequest, context: ResourceContext): Promise<{ id: string; outputs: PropertyMap }>;
  update(request: UpdateRequest, context: ResourceContext): Promise<{ outputs: PropertyMap }>;
  read(request: ReadRequest, context: ResourceContext): Promise<ReadResult>;
  delete(request: DeleteRequest, context: ResourceContext): Promise<void>;
}

export const noDiff: Diff = { changes: "none", detailed: {}, deleteBeforeReplace: false };
