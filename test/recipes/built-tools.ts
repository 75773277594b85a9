import { createHash } from "node:crypto";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { buildImage } from "../../builders/docker/build.ts";
import { openEngine } from "../../builders/docker/engine.ts";
import { stageContext } from "../../components/staged-context.ts";
import { filesHash } from "../../recipes/content-hash.ts";
import { detectRecipe } from "../../recipes/detection.ts";
import { folderTree } from "../../recipes/folder-tree.ts";
import type { Recipe } from "../../recipes/recipe.ts";
import type { SourceFile } from "../../recipes/source-tree.ts";
import { readSource } from "../../recipes/source.ts";
import { BASE_IMAGES } from "../../scripts/setup/base-images/names.js";
import { Folder } from "./folder.ts";

/** A container takes this long to answer on a busy machine. */
const START_MS = 60_000;

export interface BuiltTool {
  recipe: Recipe;
  tag: string;
  /** What the build wrote. */
  lines: string[];
  /** Steps that were taken from the cache. */
  cached: string[];
}

export interface RunningTool {
  url: string;
  /** Status of the health path, once there is an answer. */
  health: () => Promise<number>;
  status: (path: string, headers?: Record<string, string>) => Promise<number>;
  /** Runs a command in the container; its output. */
  run: (command: string[]) => Promise<string>;
  isRunning: () => Promise<boolean>;
}

/** Tools as real images and containers; `remove` leaves none of them. */
export class BuiltTools {
  readonly #docker: Docker;
  readonly #baseImages: Record<string, string>;
  readonly #home = new Folder();
  readonly #tags = new Set<string>();
  /** Images that have lost their tag to a later build, or never had one: the stages of the builder before BuildKit. */
  readonly #untagged = new Set<string>();
  readonly #containers: Docker.Container[] = [];

  private constructor(docker: Docker, baseImages: Record<string, string>) {
    this.#docker = docker;
    this.#baseImages = baseImages;
  }

  /** Takes the base images that the set-up made where there are some. */
  static async open(): Promise<BuiltTools> {
    const docker = await openEngine();
    const present = new Set((await docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []));
    return new BuiltTools(docker, Object.fromEntries(BASE_IMAGES.filter(({ replacement }) => present.has(replacement)).map(({ official, replacement }) => [official, replacement])));
  }

  async build(name: string, folder: string, { buildkit = true, offline = false }: { buildkit?: boolean; offline?: boolean } = {}): Promise<BuiltTool> {
    const source = await readSource(folderTree(folder));
    const recipe = await detectRecipe(source, { baseImages: this.#baseImages, buildkit });
    const digest = async (file: SourceFile): Promise<string> => createHash("sha256").update(await file.read()).digest("hex");
    const staged = await stageContext({ home: this.#home.path, name, files: source.files, digest, filesHash: await filesHash(source.files, digest), recipe });
    const tag = `toolwharf-test/${name}:${process.pid}`;
    this.#tags.add(tag);
    const lines: string[] = [];
    const id = await buildImage({ docker: this.#docker, ...staged, tag, args: recipe.build.args, platform: recipe.build.platform, builder: buildkit ? "2" : "1", ...(offline && { network: "none" }), onLine: (line) => lines.push(line) });
    for (const each of [id, ...lines.flatMap((line) => /^ ?---> ([0-9a-f]{12})$/.exec(line)?.[1] ?? [])]) this.#untagged.add(each);
    return { recipe, tag, lines, cached: lines.filter((line) => line.includes("CACHED")) };
  }

  async start({ recipe, tag }: BuiltTool): Promise<RunningTool> {
    const port = `${recipe.port}/tcp`;
    const container = await this.#docker.createContainer({
      Image: tag,
      // Of a container app, `command` takes the place of the image's entry point and command.
      Entrypoint: recipe.command!,
      Env: Object.entries({ ...recipe.environment, PORT: String(recipe.port) }).map(([name, value]) => `${name}=${value}`),
      ExposedPorts: { [port]: {} },
      HostConfig: { PortBindings: { [port]: [{ HostIp: "127.0.0.1", HostPort: "0" }] }, ReadonlyRootfs: true, Tmpfs: { "/tmp": "" } },
    });
    this.#containers.push(container);
    await container.start();
    const hostPort = Number((await container.inspect()).NetworkSettings.Ports[port]![0]!.HostPort);
    const status = (path: string, headers: Record<string, string> = {}): Promise<number> => statusOf(hostPort, path, headers);
    return {
      url: `http://127.0.0.1:${hostPort}`,
      status,
      health: () => firstAnswer(() => status(recipe.healthPath), async () => (await container.logs({ stdout: true, stderr: true, tail: 20 })).toString()),
      run: (command) => outputOf(container, command),
      isRunning: async () => (await container.inspect()).State.Running,
    };
  }

  async remove(): Promise<void> {
    for (const container of this.#containers) await container.remove({ force: true }).catch(() => undefined);
    for (const tag of this.#tags) await this.#docker.getImage(tag).remove({ force: true }).catch(() => undefined);
    for (const id of [...this.#untagged].reverse()) {
      const image = this.#docker.getImage(id);
      const { RepoTags: tags } = await image.inspect().catch(() => ({ RepoTags: ["gone"] }));
      if (tags.length === 0) await image.remove().catch(() => undefined);
    }
    this.#home[Symbol.dispose]();
  }
}

function statusOf(port: number, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, headers: { accept: "*/*", ...headers }, agent: false }, (response) => {
      resolve(response.statusCode!);
      response.destroy();
    }).on("error", reject).end();
  });
}

async function firstAnswer(ask: () => Promise<number>, logs: () => Promise<string>): Promise<number> {
  const end = Date.now() + START_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > end) throw new Error(`no answer: ${(error as Error).message}\n${await logs()}`);
      await sleep(200);
    }
  }
}

async function outputOf(container: Docker.Container, command: string[]): Promise<string> {
  const exec = await container.exec({ Cmd: command, AttachStdout: true, Tty: true });
  const stream = await exec.start({ Tty: true });
  let output = "";
  for await (const chunk of stream) output += String(chunk);
  return output.trim();
}
