import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { MiniatureError } from "./miniature-error.ts";
import { writeWhole } from "./write-whole.ts";

export interface Ports {
  /**
   * A port on 127.0.0.1 that nobody listens on: the one that `name` had before, else the first free one of `preferred`,
   * else any free one. Remembered before it is answered.
   *
   * @param name `registry...` names a port that is part of image names and therefore never changes
   * @throws MiniatureError `PORT_TAKEN` if such a port is taken by another process
   */
  reserve(name: string, preferred: number[]): Promise<number>;
  /** Forgets a port that will not be asked for again. */
  release(port: number): void;
  /** All remembered ports by name. */
  all(): Record<string, number>;
}

/** Ports that survive restarts, kept in one JSON file. */
export function openPorts(file: string): Ports {
  const remembered = read(file);
  // A port is free until its server listens, which is after it was answered: never answer the same one twice.
  const given = new Set<number>();
  let last: Promise<unknown> = Promise.resolve();

  const choose = async (name: string, preferred: number[]): Promise<number> => {
    const known = remembered[name];
    if (known !== undefined) {
      if (await isFree(known)) return known;
      if (name.startsWith("registry")) throw taken(name, known);
    }
    const others = new Set([...Object.values(remembered), ...given]);
    for (const port of preferred) if (!others.has(port) && (await isFree(port))) return port;
    return anyFree(others);
  };

  return {
    reserve(name, preferred) {
      const port = last.then(async () => {
        const chosen = await choose(name, preferred);
        given.add(chosen);
        if (remembered[name] !== chosen) {
          remembered[name] = chosen;
          write(file, remembered);
        }
        return chosen;
      });
      last = port.catch(() => undefined);
      return port;
    },
    release(port) {
      given.delete(port);
      const name = Object.keys(remembered).find((each) => remembered[each] === port);
      if (name === undefined) return;
      delete remembered[name];
      write(file, remembered);
    },
    all: () => ({ ...remembered }),
  };
}

/** Whether this process could listen on the port now, on 127.0.0.1 and, if the machine has it, on ::1. */
export async function isFree(port: number): Promise<boolean> {
  if ((await tryListen(port, "127.0.0.1")) !== "free") return false;
  return (await tryListen(port, "::1")) !== "taken";
}

function tryListen(port: number, host: string): Promise<"free" | "taken" | "impossible"> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EADDRINUSE" ? "taken" : "impossible"));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve("free")));
  });
}

async function anyFree(except: Set<number>): Promise<number> {
  for (;;) {
    const port = await new Promise<number>((resolve, reject) => {
      const server = createServer();
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
      });
    });
    if (!except.has(port) && (await isFree(port))) return port;
  }
}

function taken(name: string, port: number): MiniatureError {
  return new MiniatureError("PORT_TAKEN", `port ${port}, which ${name} has in the names of its images, is taken by another process`, {
    value: String(port),
    next: `see who has it with: ss -ltnp "sport = :${port}"; stop that process, then: toolwharf local up`,
  });
}

function read(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, number>;
  } catch {
    return {};
  }
}

function write(file: string, ports: Record<string, number>): void {
  mkdirSync(dirname(file), { recursive: true });
  writeWhole(file, `${JSON.stringify(ports, null, 2)}\n`, 0o644);
}
