import type { AddressRule } from "./address-rules.ts";

/** What the ingress asks for each request. */
export interface Asked {
  /** Without port, lower case. */
  host: string;
  /** Path and query of the request. */
  url: string;
  /** Where the client is; absent for one outside of every environment. */
  environmentId?: string;
}

export interface Routes {
  /** @returns undefined for a name that nothing has */
  routeOf(asked: Asked): Route | typeof NO_ROUTE | undefined;
}

/** The name is known and leads, by path, to apps; but none of its paths is this one. */
export const NO_ROUTE = "no route";

export interface Route {
  /** Whether the app has an active revision; without one it is stopped. */
  active: boolean;
  /** Whether it is there for this client: it has external ingress, or the client is in its environment. */
  external: boolean;
  /** The full name of what was asked for. */
  hostName: string;
  allowInsecure: boolean;
  addressRules: AddressRule[];
  /** What the replica is asked for, when that is not what the client asked for. */
  url?: string;
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
