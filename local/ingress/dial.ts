import { Agent } from "node:http";
import { connect, type Socket } from "node:net";

/** Connects to a port of this machine, so that "nobody listens" is known before a byte of a request's body is taken. */
export function dial(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(socket);
    });
  });
}

/**
 * Sends one request over a connection that is open already. Connections to replicas are not kept: a server that closes an idle one at
 * the moment when the next request is sent would make that request fail, and one with a body could not be sent again.
 */
export class DialedAgent extends Agent {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super({ keepAlive: false });
    this.#socket = socket;
  }

  override createConnection(): Socket {
    return this.#socket;
  }
}
