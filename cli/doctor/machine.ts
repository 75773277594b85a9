import { existsSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { engineFolder, sdkVersion } from "../../automation/engine-environment.ts";
import { askEngine } from "../../automation/engine.ts";
import { findProject, type Project } from "../../automation/project.ts";
import { openEngine } from "../../builders/docker/engine.ts";
import { findMiniature } from "../../local/control.ts";
import { layoutOf } from "../../local/layout.ts";
import { isFree, openPorts } from "../../local/ports.ts";
import { REGISTRY_PROGRAM } from "../../local/registry/storage-process.ts";
import { missing, note, ok, type Finding } from "./finding.ts";

const SET_UP = "node scripts/setup.js";
const MIN_NODE = [22, 18] as const;
/** Debian keeps daemons there, and a user's PATH often lacks it. */
const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

type Engine = Awaited<ReturnType<typeof openEngine>>;

/** What the miniature and the engine need on this machine. */
export async function lookAtMachine(env: NodeJS.ProcessEnv = process.env): Promise<Finding[]> {
  const project = findProject(process.cwd());
  const docker = await openEngine(env).catch((error: Error) => error);
  return (
    await Promise.all([
      [lookAtNode(process.versions.node)],
      lookAtEngine(env),
      lookAtDocker(docker),
      [lookAtRegistry(env)],
      lookAtBaseImages(project, docker),
      lookAtPorts(project),
    ])
  ).flat();
}

export function lookAtNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const enough = major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1]);
  return enough ? ok("Node", version) : missing("Node", `${version}, and ${MIN_NODE.join(".")} or newer is needed`, SET_UP);
}

async function lookAtEngine(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const wanted = sdkVersion();
  const folder = engineFolder(env) ?? findOnPath("pulumi", env)?.folder;
  if (!folder) return [missing("Pulumi CLI", "not found", SET_UP)];
  const version = (await askEngine({ args: ["version"], cwd: process.cwd(), env: { ...env, PATH: `${folder}${delimiter}${env.PATH}` } })).trim().replace(/^v/, "");
  const host = findExecutable("pulumi-language-nodejs", [folder, ...pathOf(env)]);
  return [
    version === wanted ? ok("Pulumi CLI", `${version} in ${folder}`) : note("Pulumi CLI", `${version || "of no version"} in ${folder}; tried with ${wanted}`, SET_UP),
    host ? ok("language host", host) : missing("language host", "pulumi-language-nodejs is not beside the CLI", SET_UP),
  ];
}

async function lookAtDocker(docker: Engine | Error): Promise<Finding[]> {
  if (docker instanceof Error) return [missing("Docker engine", docker.message, findOnPath("dockerd", process.env) ? "sudo systemctl start docker" : "sudo apt-get install -y docker.io")];
  const { Version } = await docker.version();
  return [ok("Docker engine", Version)];
}

function lookAtRegistry(env: NodeJS.ProcessEnv): Finding {
  const found = findOnPath(REGISTRY_PROGRAM, env);
  return found ? ok("registry", found.file) : missing("registry", `${REGISTRY_PROGRAM} is not on PATH`, `sudo apt-get install -y ${REGISTRY_PROGRAM}`);
}

/** Where the official base images are used, Docker pulls them when it needs them. */
async function lookAtBaseImages(project: Project, docker: Engine | Error): Promise<Finding[]> {
  if (!existsSync(project.baseImagesFile)) return [missing("base images", "nobody has looked yet whether they can be pulled", SET_UP)];
  const replaced = Object.entries(JSON.parse(readFileSync(project.baseImagesFile, "utf8")) as Record<string, string>);
  if (replaced.length === 0) return [ok("base images", "the official ones")];
  if (docker instanceof Error) return [note("base images", "unknown without the Docker engine")];
  return Promise.all(
    replaced.map(async ([official, replacement]) => {
      const there = await docker.getImage(replacement).inspect().then(() => true, () => false);
      return there ? ok("base image", `${replacement} for ${official}`) : missing("base image", `${replacement}, which stands for ${official}`, SET_UP);
    }),
  );
}

/** While the miniature runs, its ports are its own. */
async function lookAtPorts(project: Project): Promise<Finding[]> {
  const layout = layoutOf(project.folder);
  const running = findMiniature(layout);
  if (running) return [ok("ports", `of the running miniature: ARM ${new URL(running.armEndpoint).port}, ingress ${running.ingressPort}`)];
  const registries = Object.entries(openPorts(layout.portsFile).all()).filter(([name]) => name.startsWith("registry"));
  const taken = await Promise.all(registries.map(async ([name, port]) => ((await isFree(port)) ? [] : [missing("port", `${port} of ${name} is taken by another process`, `ss -ltnp "sport = :${port}"`)])));
  const ingress = (await isFree(443)) ? ok("ports", "443 is free for the ingress") : note("ports", "443 is taken or needs rights; the ingress takes 8443 or another");
  return [...taken.flat(), ingress];
}

function findOnPath(name: string, env: NodeJS.ProcessEnv): { file: string; folder: string } | undefined {
  const file = findExecutable(name, [...pathOf(env), ...SYSTEM_FOLDERS]);
  return file === undefined ? undefined : { file, folder: file.slice(0, -name.length - 1) };
}

function findExecutable(name: string, folders: string[]): string | undefined {
  return folders.map((folder) => join(folder, name)).find((file) => ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o111) !== 0);
}

function pathOf(env: NodeJS.ProcessEnv): string[] {
  return (env.PATH ?? "").split(delimiter).filter(Boolean);
}
