import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BuildError, buildImage } from "../../../builders/docker/build.ts";
import { openEngine } from "../../../builders/docker/engine.ts";
import { pullImage } from "../../../builders/docker/pull.ts";
import { pushImage } from "../../../builders/docker/push.ts";
import { LOGIN, startLockedRegistry } from "../../support/locked-registry.ts";
import { makeTinyImage } from "../../support/tiny-image.ts";
import type Docker from "dockerode";
import type { LockedRegistry } from "../../support/locked-registry.ts";

/** A busy machine builds slowly. */
jest.setTimeout(60_000);

let docker: Docker;
let registry: LockedRegistry;
let folder: string;
const made = new Set<string>();

beforeAll(async () => {
  docker = await openEngine();
  registry = await startLockedRegistry();
  folder = mkdtempSync(join(tmpdir(), "toolwharf-build-"));
});
afterAll(async () => {
  for (const name of made) await docker.getImage(name).remove({ force: true }).catch(() => undefined);
  await registry.stop();
  rmSync(folder, { recursive: true, force: true });
});

function contextOf(files: Record<string, string>): { context: string; dockerfile: string } {
  const context = mkdtempSync(join(folder, "context-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(context, path)), { recursive: true });
    writeFileSync(join(context, path), content);
  }
  return { context, dockerfile: join(context, "Dockerfile") };
}

function named(name: string): string {
  const full = `${registry.host}/${name}`;
  made.add(full);
  return full;
}

/** An image that can run commands, made without a base image: a Go program and nothing else. */
async function baseImage(): Promise<string> {
  const name = named("base:1");
  await makeTinyImage(docker, name);
  return name;
}

describe("a build", () => {
  test("ends with a local image under its tag, arguments and target taken", async () => {
    const files = { "Dockerfile": "FROM scratch AS one\nARG WHO\nLABEL who=$WHO\nFROM scratch AS two\nLABEL who=nobody\n" };
    const tag = named("args:1");
    const lines: string[] = [];
    const id = await buildImage({ docker, ...contextOf(files), tag, args: { WHO: "it's me $HOME" }, target: "one", platform: "linux/amd64", onLine: (line) => lines.push(line) });
    const inspected = await docker.getImage(tag).inspect();
    expect(inspected.Id).toBe(id);
    expect(inspected.Config.Labels).toEqual({ who: "it's me $HOME" });
    expect(lines.join("\n")).not.toContain("it's me");
  });

  test("says the failed step and its last lines, and quotes no more than twenty", async () => {
    const base = await baseImage();
    const files = { "Dockerfile": `FROM ${base}\nCOPY missing.txt /\n` };
    const error = await buildImage({ docker, ...contextOf(files), tag: named("fails:1") }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(BuildError);
    expect((error as BuildError).message).toMatch(/missing\.txt/);
    expect((error as BuildError).step).toMatch(/COPY missing\.txt/);
  });

  test("with a mistake in the Dockerfile says the line", async () => {
    const error = await buildImage({ docker, ...contextOf({ "Dockerfile": "FROM scratch\nRUNN x\n" }), tag: named("typo:1") }).catch((caught: unknown) => caught);
    expect((error as BuildError).message).toContain("dockerfile parse error line 2: unknown instruction: RUNN");
    expect((error as BuildError).step).toBe("");
  });

  test("by the builder before BuildKit works too", async () => {
    const lines: string[] = [];
    const tag = named("classic:1");
    await buildImage({ docker, ...contextOf({ "Dockerfile": "FROM scratch\nCOPY a.txt /\n", "a.txt": "a" }), tag, builder: "1", onLine: (line) => lines.push(line) });
    expect(lines.some((line) => /^Step 2\/2 : COPY a\.txt/.test(line))).toBe(true);
  });

  test("takes a Dockerfile from outside of the context", async () => {
    const { context } = contextOf({ "a.txt": "a" });
    const { dockerfile } = contextOf({ "Dockerfile": "FROM scratch\nCOPY a.txt /\n" });
    await buildImage({ docker, context, dockerfile, tag: named("outside:1") });
  });

  test("can be aborted before and while it runs", async () => {
    const options = { docker, ...contextOf({ "Dockerfile": "FROM scratch\nLABEL a=b\n" }), tag: named("aborted:1") };
    await expect(buildImage({ ...options, signal: AbortSignal.abort(new Error("stop")) })).rejects.toThrow("stop");
    const controller = new AbortController();
    const building = buildImage({ ...options, signal: controller.signal, onLine: () => controller.abort(new Error("stop now")) });
    await expect(building).rejects.toThrow("stop now");
  });
});

describe("a registry that wants a login", () => {
  test("takes the push, answers a digest, and serves the image under it", async () => {
    const name = named("tools/weather:1");
    await buildImage({ docker, ...contextOf({ "Dockerfile": "FROM scratch\nCOPY a.txt /\n", "a.txt": "a" }), tag: name });
    const lines: string[] = [];
    const digest = await pushImage({ docker, name, login: LOGIN, onLine: (line) => lines.push(line) });
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    const manifest = await registry.fetch(`/v2/tools/weather/manifests/${digest}`, { accept: "application/vnd.docker.distribution.manifest.v2+json" });
    expect(manifest.status).toBe(200);
    expect(lines.some((line) => /Pushed/.test(line))).toBe(true);
  });

  test.each([
    ["no login", undefined],
    ["a wrong one", { username: "pusher", password: "wrong" }],
  ])("refuses the push with %s", async (_name, login) => {
    const name = named("tools/refused:1");
    await buildImage({ docker, ...contextOf({ "Dockerfile": "FROM scratch\nCOPY a.txt /\n", "a.txt": "a" }), tag: name });
    await expect(pushImage({ docker, name, ...(login && { login }) })).rejects.toThrow(/no basic auth credentials|unauthorized|authentication/i);
  });

  test("gives a base image to BuildKit only with its own login", async () => {
    const base = named("bases/tiny:1");
    await makeTinyImage(docker, base);
    await pushImage({ docker, name: base, login: LOGIN });
    await docker.getImage(base).remove();
    const options = { docker, ...contextOf({ "Dockerfile": `FROM ${base}\nLABEL a=b\n` }), tag: named("from-private:1") };
    await expect(buildImage({ ...options, loginOf: async (host) => (host === "elsewhere.example" ? LOGIN : undefined) })).rejects.toThrow(/authorization failed|unauthorized|no basic auth/i);
    await buildImage({ ...options, loginOf: async (host) => (host === registry.host ? LOGIN : undefined) });
  });

  test("waits for a login that takes longer than a second to find", async () => {
    const base = named("bases/slow:1");
    await makeTinyImage(docker, base);
    await pushImage({ docker, name: base, login: LOGIN });
    await docker.getImage(base).remove();
    const options = { docker, ...contextOf({ "Dockerfile": `FROM ${base}\nLABEL a=b\n` }), tag: named("from-slow:1") };
    await buildImage({ ...options, loginOf: async () => sleep(2500, LOGIN) });
  });

  test("gives an image to a pull with the login", async () => {
    const name = named("tools/pulled:1");
    await buildImage({ docker, ...contextOf({ "Dockerfile": "FROM scratch\nCOPY a.txt /\n", "a.txt": "a" }), tag: name });
    await pushImage({ docker, name, login: LOGIN });
    await docker.getImage(name).remove();
    await pullImage({ docker, name, login: LOGIN });
    await expect(pullImage({ docker, name: `${registry.host}/tools/absent:1`, login: LOGIN })).rejects.toThrow(/not found|unknown/i);
  });
});
