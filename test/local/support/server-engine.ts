import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { ContainerSpec, ContainerState } from "../../../local/apps/engine.ts";
import { FakeEngine } from "./fake-engine.ts";

/** Containers are HTTP servers in this process, which die as hard as a killed process does. */
export class ServerEngine extends FakeEngine {
  readonly servers = new Map<string, Server>();
  /** How long every answer takes: long enough for a request to be open at the moment of a change. */
  answerMs = 30;
  /** Requests answered, by container. */
  readonly answered = new Map<string, number>();
  /** Requests that a container was still answering when it was stopped. */
  cutOff = 0;
  readonly #open = new Map<string, number>();

  override async run(spec: ContainerSpec): Promise<ContainerState> {
    const state = await super.run(spec);
    const server = createServer((request, response) => {
      if (request.url === "/health") return void response.end();
      this.#count(state.id, 1);
      setTimeout(() => {
        this.#count(state.id, -1);
        this.answered.set(state.id, (this.answered.get(state.id) ?? 0) + 1);
        response.setHeader("x-asked", request.url ?? "");
        response.end(spec.image);
      }, this.answerMs);
    });
    server.on("upgrade", (request, socket) => socket.end(`HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nx-asked: ${request.url}\r\n\r\n`));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.servers.set(state.id, server);
    const ports = { 8000: (server.address() as AddressInfo).port };
    Object.assign(this.containers.get(state.id)!, { ports });
    return { ...state, ports };
  }

  override async stop(id: string, graceSeconds: number): Promise<void> {
    this.cutOff += this.#open.get(id) ?? 0;
    this.servers.get(id)?.closeAllConnections();
    this.servers.get(id)?.close();
    await super.stop(id, graceSeconds);
  }

  #count(id: string, change: number): void {
    this.#open.set(id, (this.#open.get(id) ?? 0) + change);
  }
}
