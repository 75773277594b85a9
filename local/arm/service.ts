import type { DocumentStore } from "../document-store.ts";
import type { Principals } from "../entra/principals.ts";
import type { Faults } from "../faults/faults.ts";
import type { Access } from "./authorization/access.ts";
import type { Documents, StoredResource } from "./documents.ts";
import type { ArmError } from "./errors.ts";
import type { ArmDocument, Hosts } from "./hosts.ts";
import type { JsonObject } from "./json.ts";
import type { Unsupported } from "./not-emulated.ts";
import type { Operations } from "./operations.ts";
import type { ArmRequest, ArmResponse } from "./request.ts";
import type { ResourceId } from "./resource-id.ts";

/** What every service works with. */
export interface Context {
  store: DocumentStore;
  documents: Documents;
  operations: Operations;
  hosts: Hosts;
  access: Access;
  principals: Principals;
  subscriptionId: string;
  tenantId: string;
  /** How long a new role assignment has no effect, in milliseconds. */
  propagationDelayMs: number;
  /** What is to fail on purpose. */
  faults: Faults;
  now(): Date;
}

/** A request that has been read, checked for its api-version and authorized. */
export interface Call {
  request: ArmRequest;
  /** Origin for links in the answer. */
  endpoint: string;
  apiVersion: string;
  /** What the path names; `names` is one shorter than `types` for a collection or an action. */
  target: ResourceId;
  /** The path's id: of the resource, or of what owns the collection or the action. */
  id: string;
  context: Context;
}

export interface Verb {
  /** What the caller must be allowed to do at `Call.id`; null where any authenticated caller may. */
  action: string | null;
  handle(call: Call): ArmResponse | Promise<ArmResponse>;
}

/** What can be asked of one type: of a resource by name, and of the collection (or the action) without one. */
export interface Endpoints {
  /** `Microsoft.App/containerApps`, `Microsoft.App/containerApps/listSecrets` */
  type: string;
  item?: Record<string, Verb>;
  collection?: Record<string, Verb>;
}

/** The content of a resource: what a PUT sends, or what a PATCH makes of what is there. */
export interface Desired {
  name: string;
  id: string;
  location: string;
  tags?: Record<string, string>;
  identity?: unknown;
  sku?: unknown;
  /** The whole body, as it was sent or, of a PATCH, as it came out. */
  body: JsonObject;
  properties: JsonObject;
}

/** A desired resource that was accepted: defaults filled in, only known properties left. */
export interface Accepted {
  identity?: ArmDocument["identity"];
  sku?: ArmDocument["sku"];
  etag?: string;
  properties: JsonObject;
  secrets?: Record<string, string>;
}

/** A resource type in a resource group: tracked-resource.ts does for it what ARM does for all of them. */
export interface TrackedType {
  /** `Microsoft.App/containerApps` */
  type: string;
  /** `provisioningState` while an operation runs on it. */
  states: { creating: string; updating: string; deleting: string };
  /** Refuses with the error of the PUT, or says what to store. Nothing may be changed yet. */
  accept(desired: Desired, call: Call, existing: StoredResource | undefined): Accepted;
  /** What of a desired resource is refused although Azure accepts it; asked when it is accepted. */
  notEmulated?: Unsupported[];
  /** The document as an answer shows it; never with secrets. */
  present(stored: StoredResource, call: Pick<Call, "context" | "endpoint">): ArmDocument;
  /** Makes it real; answers properties that only now are known. Without it a PUT is done when it is answered. */
  apply?(stored: StoredResource, context: Context): Promise<JsonObject>;
  /** Unmakes it; called again after a crash. */
  remove(stored: StoredResource, context: Context): Promise<void>;
  /** Refuses a DELETE with its error. */
  checkRemove?(stored: StoredResource, context: Context): void;
  /** The refusal while another operation runs. */
  busy(stored: StoredResource): Error;
  /** What belongs to it, below it in the path. */
  children?: readonly ChildType[];
}

/**
 * A resource type without location and tags that belongs to a tracked one and goes with it; made and removed while the request waits.
 * child-resource.ts does for it what ARM does for all of them.
 */
export interface ChildType {
  /** `Microsoft.App/managedEnvironments/httpRouteConfigs` */
  type: string;
  notEmulated: Unsupported[];
  /** @default true */
  patchable?: boolean;
  /** Status of the PUT that creates it. @default 201 */
  createdStatus?: number;
  /** Refuses with the error of the PUT, or says what properties to store. Nothing may be changed yet. */
  accept(desired: { name: string; properties: JsonObject; parent: ArmDocument; existing: ArmDocument | undefined }, call: Call): JsonObject;
  /** Makes it real; called again at every start. Absent: there is nothing to make. */
  apply?(document: ArmDocument, context: Context): void;
  /** Refuses a DELETE. */
  checkRemove?(document: ArmDocument, context: Context): void;
  /** Unmakes it. */
  remove?(document: ArmDocument, context: Context): void;
  /** What a GET of one that is not there says. @default ARM's `ResourceNotFound` */
  notFound?(name: string): ArmError;
}
