import { closeSync, constants, mkdirSync, openSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { answerName } from "./dns-answer.ts";

/** Who answers what comes from inside an environment. */
export interface Inside {
  /** A connection that a container of the environment opened to the gateway. @param socket paused @param client the container's address */
  accept(environmentId: string, scheme: "http" | "https", socket: Socket, client: string): void;
  /** Whether the name leads to the gateway. @param name lower case, no dot at the end */
  isName(environmentId: string, name: string): boolean;
}

export interface Doors {
  /** Takes no more connections, lets open ones end (at most 2 s), then breaks them off. */
  close(): Promise<void>;
}

const LONGEST_CLIENT_BYTES = 64;
const LONGEST_QUESTION_BYTES = 65_535;
const CLOSING_LIMIT_MS = 2_000;

/** The sockets in `folder` that an environment's gateway speaks to: `http`, `https` and `dns`. */
export async function openDoors(options: { folder: string; environmentId: string; gatewayAddress: () => string; inside: Inside }): Promise<Doors> {
  const { folder, environmentId, gatewayAddress, inside } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // The path of a socket has at most 107 bytes; by the open folder it is short wherever the project is.
  const open = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  const sockets = new Set<Socket>();
  const serve = (name: string, take: (socket: Socket) => void): Promise<Server> => {
    // Of a daemon that was killed.
    rmSync(join(folder, name), { force: true });
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      socket.on("error", () => socket.destroy());
      take(socket);
    });
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(`/proc/self/fd/${open}/${name}`, () => resolve(server));
    });
  };
  const servers = await Promise.all([
    ...(["http", "https"] as const).map((scheme) => serve(scheme, (socket) => readClient(socket, (client) => inside.accept(environmentId, scheme, socket, client)))),
    serve("dns", (socket) => answerQuestion(socket, (question) => answerName(question, (name) => inside.isName(environmentId, name), gatewayAddress()))),
  ]);
  return {
    async close() {
      const limit = setTimeout(() => sockets.forEach((socket) => socket.destroy()), CLOSING_LIMIT_MS);
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
      clearTimeout(limit);
      closeSync(open);
    },
  };
}

/** The gateway's first line says who asks; what follows is left in the socket. */
function readClient(socket: Socket, then: (client: string) => void): void {
  let received = Buffer.alloc(0);
  const take = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk]);
    const end = received.indexOf("\n");
    if (end < 0) return void (received.length > LONGEST_CLIENT_BYTES && socket.destroy());
    socket.off("data", take);
    socket.pause();
    if (end + 1 < received.length) socket.unshift(received.subarray(end + 1));
    then(received.toString("latin1", 0, end));
  };
  socket.on("data", take);
}

function answerQuestion(socket: Socket, answer: (question: Buffer) => Buffer | undefined): void {
  let received = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (received.length > LONGEST_QUESTION_BYTES) socket.destroy();
  });
  socket.on("end", () => socket.end(answer(received) ?? ""));
}
