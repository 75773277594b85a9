import Docker from "dockerode";
import { homedir } from "node:os";

/**
 * The Docker engine that answers: the one in `DOCKER_HOST`, else the system's, else Docker Desktop's of this user.
 * @throws Error naming what was tried
 */
export async function openEngine(environment: NodeJS.ProcessEnv = process.env): Promise<Docker> {
  const home = environment["HOME"] ?? homedir();
  const sockets = ["/var/run/docker.sock", `${home}/.docker/run/docker.sock`, `${home}/.docker/desktop/docker.sock`];
  const explicit = environment["DOCKER_HOST"];
  const candidates = explicit ? [new Docker()] : sockets.map((socketPath) => new Docker({ socketPath }));
  for (const docker of candidates) {
    if (await answers(docker)) return docker;
  }
  throw new Error(`failed to connect to any docker daemon (tried ${explicit ?? sockets.join(", ")})`);
}

async function answers(docker: Docker): Promise<boolean> {
  return docker.ping().then(
    () => true,
    () => false,
  );
}
