import { readDockerfile } from "./dockerfile-facts.ts";
import type { DockerfileFacts } from "./dockerfile-facts.ts";
import { RecipeError } from "./errors.ts";
import { because } from "./recipe.ts";
import type { OwnDockerfile, Recipe } from "./recipe.ts";
import type { RecipeRequest } from "./request.ts";
import { chosenCommand, chosenHealthPath, chosenPort } from "./request.ts";
import { PLATFORM } from "./runtimes.ts";
import type { Source } from "./source.ts";

/** The folder's own Dockerfile, used unchanged: base image, user and command are its own. */
export function ownDockerfileRecipe(source: Source, own: OwnDockerfile, request: RecipeRequest): Recipe {
  const { manifest } = source;
  const { context = ".", target, args, dockerfile } = manifest.fields.build;
  const facts = readDockerfile(own.path, own.text, { target, args });
  if ("problems" in facts) throw new RecipeError(facts.problems);
  const found = foundPort(own.path, facts);
  const port = chosenPort(source, request, found);
  if (port === undefined) throw new RecipeError([ambiguousPorts(own.path, facts)]);
  const health = chosenHealthPath(source, request, facts.health && { value: facts.health.path, why: `${own.path}:${facts.health.line} asks for it in its HEALTHCHECK` });
  const command = chosenCommand(source);
  const unused = [manifest.fields.entrypoint !== undefined && "entrypoint", manifest.fields.systemPackages.length > 0 && "systemPackages"].filter((name) => name !== false);
  return {
    runtime: "dockerfile",
    version: 1,
    protocol: manifest.fields.protocol ?? "http",
    ...(command && { command: command.value }),
    port: port.value,
    healthPath: health.value,
    reasons: [
      because(`${own.path} is used unchanged`, dockerfile === undefined ? "it is the folder's own Dockerfile" : `${manifest.file} names it in build.dockerfile`),
      ...(command ? [command.reason] : []),
      port.reason,
      health.reason,
      userReason(own.path, facts),
      ...unused.map((name) => because(`${name} of ${manifest.file} has no effect`, `only generated Dockerfiles use it, and ${own.path} is the folder's own`)),
    ],
    environment: manifest.fields.environment,
    dockerfile: own.text,
    build: { own, files: {}, context, ...(target !== undefined && { target }), args, platform: PLATFORM },
  };
}

/** The one that can be told: the only one exposed, or the exposed one that is asked for its health. `null`: several. */
function foundPort(path: string, { ports, health }: DockerfileFacts): { value: number; why: string } | null | undefined {
  const asked = ports.find(({ port }) => port === health?.port);
  if (asked && ports.length > 1) return { value: asked.port, why: `${path}:${asked.line} exposes it and ${path}:${health!.line} asks it in its HEALTHCHECK` };
  if (ports.length > 1) return null;
  const [only] = ports;
  if (only) return { value: only.port, why: `${path}:${only.line} exposes it` };
  return health?.port === undefined ? undefined : { value: health.port, why: `${path}:${health.line} asks it in its HEALTHCHECK` };
}

function ambiguousPorts(path: string, { ports }: DockerfileFacts) {
  const choices = ports.map(({ port, line }) => `port: ${port} (${path}:${line})`).join(", ");
  return { code: "RECIPE_AMBIGUOUS" as const, message: `it exposes several ports, and nothing says which the endpoint is; write one of these lines in tool.yaml: ${choices}`, file: path, line: ports[0]!.line, allowed: ports.map(({ port }) => `port: ${port}`).join(", ") };
}

function userReason(path: string, { user }: DockerfileFacts): string {
  if (!user) return because("it runs as the user of its base image", `${path} has no USER`);
  const root = /^(root|0)(:|$)/.test(user.name);
  return because(`it runs as ${user.name}${root ? ", who may do everything in its container" : ""}`, `${path}:${user.line} says USER ${user.name}`);
}
