import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createSecureContext, TLSSocket, type TLSSocketOptions } from "node:tls";

/** Who asks. */
export interface Client {
  address: string;
  /** Where it is; absent outside of every environment. */
  environmentId?: string;
}

const HANDSHAKE_LIMIT_MS = 10_000;

/** Hands connections from inside the environments to the servers that also serve the outside, and remembers whose they are. */
export function insideConnections(servers: { http: Server; https: Server }, secure: TLSSocketOptions) {
  const clients = new WeakMap<Duplex, Client>();
  const secureContext = createSecureContext(secure);
  return {
    /** `undefined` for a connection from outside. */
    clientOf: (connection: Duplex): Client | undefined => clients.get(connection),
    accept(environmentId: string, scheme: "http" | "https", socket: Socket, address: string): void {
      const client = { address, environmentId };
      if (scheme === "http") {
        clients.set(socket, client);
        servers.http.emit("connection", socket);
        return void socket.resume();
      }
      // The server's own handshake would not tell which connection has become which.
      const secured = new TLSSocket(socket, { ...secure, isServer: true, secureContext });
      clients.set(secured, client);
      const giveUp = () => secured.destroy();
      const limit = setTimeout(giveUp, HANDSHAKE_LIMIT_MS);
      secured.on("error", giveUp);
      secured.once("end", giveUp);
      secured.once("close", () => clearTimeout(limit));
      secured.once("secure", () => {
        clearTimeout(limit);
        secured.off("end", giveUp);
        servers.https.emit("secureConnection", secured);
      });
    },
  };
}
