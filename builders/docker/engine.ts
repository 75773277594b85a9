import Docker from "dockerode";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { DockerOptions } from "dockerode";

/** No engine could be used; the message has every address that was tried and why it failed. */
export class EngineUnavailable extends Error {
  readonly code: "DOCKER_UNREACHABLE" | "DOCKER_FORBIDDEN";
  readonly next: string;
  constructor(code: EngineUnavailable["code"], message: string, next: string) {
    super(message);
    this.name = "EngineUnavailable";
    this.code = code;
    this.next = next;
  }
}

/**
 * The Docker engine that answers: the one in `DOCKER_HOST`, else the system's, else Docker Desktop's of this user.
 * @throws EngineUnavailable `DOCKER_FORBIDDEN` if there is one that this user may not use, else `DOCKER_UNREACHABLE`
 */
export async function openEngine(environment: NodeJS.ProcessEnv = process.env): Promise<Docker> {
  const home = environment["HOME"] ?? homedir();
  const explicit = environment["DOCKER_HOST"];
  const addresses = explicit ? [explicit] : ["/var/run/docker.sock", `${home}/.docker/run/docker.sock`, `${home}/.docker/desktop/docker.sock`];
  const failures: Array<{ address: string; error: NodeJS.ErrnoException }> = [];
  for (const address of addresses) {
    try {
      const docker = new Docker({ ...NOTHING_FROM_OUTSIDE, ...(explicit ? optionsOf(explicit, environment) : { socketPath: address }) });
      await docker.ping();
      return docker;
    } catch (error) {
      failures.push({ address, error: error as Error });
    }
  }
  const causes = failures.map(({ address, error }) => `${address}: ${error.message || error.code}`).join("; ");
  if (failures.some(({ error }) => error.code === "EACCES")) {
    throw new EngineUnavailable("DOCKER_FORBIDDEN", `this user may not use the docker daemon (${causes})`, "sudo usermod -aG docker $USER, then log in again; or run as root");
  }
  throw new EngineUnavailable("DOCKER_UNREACHABLE", `failed to connect to any docker daemon (tried ${causes})`, "start the Docker engine, then run the command again");
}

/** dockerode fills what is not given from the process's own environment. */
const NOTHING_FROM_OUTSIDE: DockerOptions = { host: undefined, port: undefined, protocol: "http", ca: undefined, cert: undefined, key: undefined };

/** What dockerode reads from the process's environment, for any environment. @throws TypeError for what is no address */
function optionsOf(host: string, environment: NodeJS.ProcessEnv): DockerOptions {
  const socket = /^(?:unix|npipe):\/\/(.+)$/.exec(host)?.[1];
  if (socket) return { socketPath: socket };
  const url = new URL(host.includes("//") ? host : `tcp://${host}`);
  if (url.protocol === "ssh:") {
    return { protocol: "ssh", host: url.hostname, port: url.port, username: url.username, sshOptions: { agentForward: false, agent: environment["SSH_AUTH_SOCK"] } as never };
  }
  const encrypted = url.protocol === "https:" || environment["DOCKER_TLS_VERIFY"] === "1" || url.port === "2376";
  const certificates = environment["DOCKER_CERT_PATH"];
  const pem = (name: string) => (certificates ? readFileSync(join(certificates, name), "utf8") : undefined);
  return {
    protocol: encrypted || certificates ? "https" : "http",
    host: url.hostname,
    port: url.port || (encrypted ? 2376 : 2375),
    ...(certificates && { ca: pem("ca.pem"), cert: pem("cert.pem"), key: pem("key.pem") }),
  };
}
