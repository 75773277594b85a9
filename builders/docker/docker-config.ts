import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { RegistryLogin } from "./session.ts";

/** How a registry's login is found; `host` as in image names, `localhost:5443`. Undefined: ask anonymously. */
export type LoginLookup = (host: string) => Promise<RegistryLogin | undefined>;

/** Docker Hub under the name that `docker login` keeps it by; BuildKit asks for `registry-1.docker.io`. */
const DOCKER_HUB = "https://index.docker.io/v1/";
const DOCKER_HUB_HOSTS = new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);
const HELPER_TIMEOUT_MS = 5000;

interface DockerConfig {
  auths?: Record<string, { auth?: string }>;
  credsStore?: string;
  credHelpers?: Record<string, string>;
}

/**
 * The logins of whoever runs this process, as `docker login` left them in `config.json`: in the file itself, or with
 * a credential helper. What cannot be read counts as no login.
 * @param environment its `DOCKER_CONFIG` is the file's folder, by default `~/.docker`
 */
export function configuredLogins(environment: NodeJS.ProcessEnv = process.env): LoginLookup {
  const folder = environment["DOCKER_CONFIG"] ?? join(homedir(), ".docker");
  return async (host) => {
    const config = await readConfig(join(folder, "config.json"));
    if (config === undefined) return undefined;
    const server = DOCKER_HUB_HOSTS.has(host) ? DOCKER_HUB : host;
    const helper = config.credHelpers?.[server] ?? config.credsStore;
    return helper === undefined ? loginInFile(config, server) : loginOfHelper(helper, server, environment);
  };
}

async function readConfig(file: string): Promise<DockerConfig | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as DockerConfig;
  } catch {
    return undefined;
  }
}

function loginInFile(config: DockerConfig, server: string): RegistryLogin | undefined {
  const auth = (config.auths?.[server] ?? config.auths?.[`https://${server}`])?.auth;
  if (auth === undefined) return undefined;
  const [username, ...password] = Buffer.from(auth, "base64").toString("utf8").split(":");
  return username === undefined ? undefined : { username, password: password.join(":") };
}

/** docker-credential-helpers: `get`, the server on standard input, JSON on standard output. */
function loginOfHelper(helper: string, server: string, env: NodeJS.ProcessEnv): Promise<RegistryLogin | undefined> {
  return new Promise((resolve) => {
    const child = spawn(`docker-credential-${helper}`, ["get"], { env, stdio: ["pipe", "pipe", "ignore"], signal: AbortSignal.timeout(HELPER_TIMEOUT_MS) });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
    child.stdin.on("error", () => undefined).end(server);
    child.on("error", () => resolve(undefined));
    child.on("close", (code) => resolve(code === 0 ? parseHelperAnswer(output) : undefined));
  });
}

function parseHelperAnswer(output: string): RegistryLogin | undefined {
  try {
    const { Username, Secret } = JSON.parse(output) as { Username: string; Secret: string };
    // An identity token has no user name.
    return { username: Username === "<token>" ? "" : Username, password: Secret };
  } catch {
    return undefined;
  }
}
