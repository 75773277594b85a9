import { openEngineLog } from "./engine-log.ts";
import type { EngineLog } from "./engine-log.ts";
import type { PropertyMap } from "./property-values.ts";

/** One engine's provider instance. Engines share a server; each instance has a connection of its own. */
export interface EngineConnection {
  config: PropertyMap;
  log: EngineLog | undefined;
  /** Aborted by the engine's Cancel, for this connection alone. */
  cancel: AbortController;
  /** Requests that are being answered. */
  active: number;
}

/**
 * Only Handshake and Attach carry the engine's address and only Configure its settings, so they are remembered by
 * the peer's address, which stays the same for a connection.
 */
export class EngineConnections {
  readonly #connections = new Map<string, EngineConnection>();

  of(peer: string): EngineConnection {
    const known = this.#connections.get(peer);
    if (known !== undefined) return known;
    const connection: EngineConnection = { config: {}, log: undefined, cancel: new AbortController(), active: 0 };
    this.#connections.set(peer, connection);
    return connection;
  }

  /** A peer's first word. What an earlier engine on the same port left behind is forgotten, and so are ended ones. */
  open(peer: string, engineAddress: string): void {
    this.#forget(peer);
    for (const [other, connection] of this.#connections) {
      if (connection.cancel.signal.aborted && connection.active === 0) this.#forget(other);
    }
    this.attach(peer, engineAddress);
  }

  attach(peer: string, engineAddress: string): void {
    const connection = this.of(peer);
    if (engineAddress !== "") connection.log ??= openEngineLog(engineAddress);
  }

  /** The engine ends or was interrupted: what this peer still waits for is given up, other peers go on. */
  cancel(peer: string): void {
    this.#connections.get(peer)?.cancel.abort(new Error("the engine canceled the operation"));
  }

  close(): void {
    for (const peer of [...this.#connections.keys()]) this.#forget(peer);
  }

  #forget(peer: string): void {
    this.#connections.get(peer)?.log?.close();
    this.#connections.delete(peer);
  }
}
