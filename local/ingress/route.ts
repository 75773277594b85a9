import type { AddressRule } from "./address-rules.ts";

/** What the ingress asks the app host for each request. */
export interface Routes {
  /**
   * @param host without port, lower case
   * @param environmentId where the client is; absent for one outside of every environment
   */
  routeOf(host: string, environmentId?: string): Route | undefined;
}

export interface Route {
  /** Whether the app has an active revision; without one it is stopped. */
  active: boolean;
  /** Whether it is there for this client: it has external ingress, or the client is in its environment. */
  external: boolean;
  /** The full name of what was asked for. */
  hostName: string;
  allowInsecure: boolean;
  addressRules: AddressRule[];
  /**
   * A replica for one request. Waits while the app comes up from zero; `undefined` when there is none to wait for.
   * @param tried replicas that this request did not get through to
   */
  lease(tried: ReadonlySet<object>): Promise<Lease | undefined>;
}

export interface Lease {
  /** Tells replicas apart, for `tried`. */
  replica: object;
  /** On 127.0.0.1. */
  port: number;
  /** The request has become a WebSocket: it may last, and the replica's end need not wait for it. */
  upgraded(): void;
  /** The request has been answered or given up. More than once does no harm. */
  done(): void;
}
