// Microsoft's and Docker's editors read Dockerfiles with it; it knows continuations, escapes and heredocs.
import { Arg, DockerfileParser, Env, From, Healthcheck, Keyword } from "dockerfile-ast";
import type { Instruction } from "dockerfile-ast";
import type { Problem } from "./errors.ts";

/** What a Dockerfile says of the image that it makes. Lines count from 1. */
export interface DockerfileFacts {
  /** TCP ports of EXPOSE that can be told, each once. */
  ports: Array<{ port: number; line: number }>;
  /** The URL that its HEALTHCHECK asks on the container itself. */
  health?: { port?: number; path: string; line: number };
  user?: { name: string; line: number };
  /** Names of its stages, in their order. */
  stages: string[];
}

type Scope = Map<string, string>;
type Lookup = (name: string) => string | undefined;
interface Stage {
  from: From;
  instructions: Instruction[];
}

/**
 * @param file its path, for messages
 * @param build.target the stage that is built; absent: the last
 * @returns what the stage and the stages it starts from say, the later word winning; or what is wrong
 */
export function readDockerfile(file: string, text: string, build: { target?: string; args?: Readonly<Record<string, string>> } = {}): DockerfileFacts | { problems: Problem[] } {
  const instructions = DockerfileParser.parse(text.replace(/^\uFEFF/, "")).getInstructions();
  const known = new Set<string>(Object.values(Keyword));
  const unknown = instructions.filter((each) => !known.has(each.getKeyword()));
  const problem = (message: string, line?: number): Problem => ({ code: "DOCKERFILE_INVALID", message, file, ...(line !== undefined && { line }) });
  if (unknown.length > 0) return { problems: unknown.map((each) => problem(`${each.getInstruction()} is not an instruction; known: ${[...known].join(", ")}`, lineOf(each))) };

  const first = instructions.findIndex((each) => each instanceof From);
  if (first < 0) return { problems: [problem("has no FROM: nothing says which image it starts from")] };
  const stages: Stage[] = [];
  for (const each of instructions.slice(first)) {
    if (each instanceof From) stages.push({ from: each, instructions: [] });
    else stages.at(-1)!.instructions.push(each);
  }
  const names = stages.flatMap(({ from }) => from.getBuildStage() ?? []);
  const built = build.target === undefined ? stages.at(-1)! : stages.find(({ from }) => from.getBuildStage()?.toLowerCase() === build.target!.toLowerCase());
  if (!built) return { problems: [problem(`has no stage ${JSON.stringify(build.target)}; stages: ${names.join(", ") || "none has a name"}`)] };

  const global = scopeOf(instructions.slice(0, first), new Map(), build.args);
  const facts: DockerfileFacts = { ports: [], stages: names };
  let scope: Scope = new Map();
  for (const stage of ancestry(stages, built)) {
    scope = collect(stage, facts, scope, global, build.args);
  }
  return facts;
}

/** The stages that a stage starts from, first the one that starts from an image. */
function ancestry(stages: Stage[], stage: Stage): Stage[] {
  const chain = [stage];
  const nameOf = (name: string | null | undefined) => name?.toLowerCase();
  let wanted = nameOf(stage.from.getImage());
  for (let at = stages.indexOf(stage) - 1; at >= 0; at--) {
    const before = stages[at]!;
    if (wanted === undefined || nameOf(before.from.getBuildStage()) !== wanted) continue;
    chain.unshift(before);
    wanted = nameOf(before.from.getImage());
  }
  return chain;
}

/** @returns what the stage's environment holds at its end */
function collect(stage: Stage, facts: DockerfileFacts, inherited: Scope, global: Scope, args: Readonly<Record<string, string>> = {}): Scope {
  const scope: Scope = new Map(inherited);
  const local: Scope = new Map();
  const known: Lookup = (name) => scope.get(name) ?? local.get(name);
  for (const each of stage.instructions) {
    const line = lineOf(each);
    const keyword = each.getKeyword();
    if (each instanceof Env) for (const property of each.getProperties()) scope.set(property.getName(), expand(property.getValue() ?? "", known));
    else if (each instanceof Arg) {
      const property = each.getProperty();
      const name = property?.getName();
      if (name === undefined) continue;
      const value = args[name] ?? property!.getValue() ?? global.get(name);
      if (value !== undefined && value !== null) local.set(name, expand(value, known));
    } else if (each instanceof Healthcheck) {
      facts.health = healthOf(each, line, known);
    } else if (keyword === "EXPOSE") {
      for (const argument of each.getArguments()) {
        const port = /^(\d{1,5})(?:\/tcp)?$/i.exec(expand(argument.getValue(), known))?.[1];
        if (port !== undefined && Number(port) >= 1 && Number(port) <= 65_535 && !facts.ports.some((other) => other.port === Number(port))) facts.ports.push({ port: Number(port), line });
      }
    } else if (keyword === "USER") facts.user = { name: expand(each.getArgumentsContent() ?? "", known), line };
  }
  return scope;
}

function scopeOf(instructions: Instruction[], scope: Scope, args: Readonly<Record<string, string>> = {}): Scope {
  for (const each of instructions) {
    if (!(each instanceof Arg)) continue;
    const property = each.getProperty();
    const value = property && (args[property.getName()] ?? property.getValue());
    if (property && value !== null && value !== undefined) scope.set(property.getName(), expand(value, (name) => scope.get(name)));
  }
  return scope;
}

/** The first URL of the container itself; NONE takes an inherited check away. */
function healthOf(check: Healthcheck, line: number, known: Lookup): DockerfileFacts["health"] {
  const text = expand(check.getRawArgumentsContent() ?? "", known);
  const found = /https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d{1,5}))?(\/[\w\-.~!$&*+,;=:@/%?]*)?/i.exec(text);
  if (!found) return undefined;
  return { ...(found[1] !== undefined && { port: Number(found[1]) }), path: found[2] ?? "/", line };
}

/** No port, path or user is longer: a variable of variables of variables could fill the memory. */
const MOST_EXPANDED = 4096;

/** `$NAME`, `${NAME}` and `${NAME:-default}`, where the value is known; else it stays as it is. */
function expand(text: string, known: Lookup): string {
  let left = MOST_EXPANDED;
  return text.replace(/\$(?:(\w+)|\{(\w+)(?::?-([^}]*))?\})/g, (whole, plain: string | undefined, braced: string | undefined, fallback: string | undefined) => {
    const value = known(plain ?? braced!) ?? fallback ?? whole;
    left -= value.length;
    return left < 0 ? "" : value;
  });
}

const lineOf = (instruction: Instruction): number => instruction.getRange().start.line + 1;
