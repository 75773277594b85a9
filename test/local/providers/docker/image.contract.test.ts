import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openEngine } from "../../../../builders/docker/engine.ts";
import { dockerProvider } from "../../../../local/providers/docker/provider.ts";
import { Secret, unknown } from "../../../../local/providers/grpc/property-values.ts";
import { serveProvider } from "../../../../local/providers/grpc/server.ts";
import { connectEngine } from "../../../support/fake-engine.ts";
import { LOGIN, startLockedRegistry } from "../../../support/locked-registry.ts";
import type Docker from "dockerode";
import type { PropertyMap } from "../../../../local/providers/grpc/property-values.ts";
import type { ProviderServer } from "../../../../local/providers/grpc/server.ts";
import type { FakeEngine } from "../../../support/fake-engine.ts";
import type { LockedRegistry } from "../../../support/locked-registry.ts";

const URN = "urn:pulumi:local::toolwharf::toolwharf:index:ToolServer$docker:index/image:Image::echo-image";

/** A busy machine builds slowly. */
jest.setTimeout(60_000);

const TEST = `image-${process.pid}`;

let docker: Docker;
let registry: LockedRegistry;
let project: string;
let server: ProviderServer;
let engine: FakeEngine;

beforeAll(async () => {
  docker = await openEngine();
  registry = await startLockedRegistry();
  project = mkdtempSync(join(tmpdir(), "toolwharf-image-"));
  server = await serveProvider(dockerProvider({ docker, projectFolder: project }));
});
afterAll(async () => {
  // Each rebuild leaves the image before it without a tag.
  for (const { Id } of await docker.listImages({ all: true, filters: { label: [`toolwharf.test=${TEST}`] } })) await docker.getImage(Id).remove({ force: true });
  await server.close();
  await registry.stop();
  rmSync(project, { recursive: true, force: true });
});
beforeEach(async () => {
  engine = await connectEngine(server.port);
  write("contexts/echo/Dockerfile", `FROM scratch\nARG WHO=nobody\nLABEL who=$WHO toolwharf.test=${TEST}\nCOPY a.txt /\n`);
  write("contexts/echo/a.txt", "a");
});
afterEach(() => engine.close());

function write(path: string, content: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), content);
  chmodSync(join(project, path), 0o644);
}

function program(more: PropertyMap = {}): PropertyMap {
  return {
    imageName: `${registry.host}/tools/echo:1`,
    build: { context: "contexts/echo", platform: "linux/amd64", args: { WHO: "me" } },
    registry: { server: registry.host, username: LOGIN.username, password: new Secret(LOGIN.password) },
    buildOnPreview: false,
    skipPush: false,
    ...more,
  };
}

describe("check", () => {
  test("fills in the Dockerfile, and a digest of the context that a changed file changes", async () => {
    const { inputs, failures } = await engine.check(URN, program());
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ ...program(), build: { context: "contexts/echo", dockerfile: "contexts/echo/Dockerfile", platform: "linux/amd64", args: { WHO: "me" } } });
    const { contextDigest } = inputs["build"] as PropertyMap;
    expect(contextDigest).toMatch(/^[0-9a-f]{64}$/);
    write("contexts/echo/a.txt", "b");
    expect(((await engine.check(URN, program())).inputs["build"] as PropertyMap)["contextDigest"]).not.toBe(contextDigest);
  });

  test("without a platform takes this machine's, and says so", async () => {
    const { inputs } = await engine.check(URN, program({ build: { context: "contexts/echo" } }));
    expect(inputs["build"]).toMatchObject({ platform: expect.stringMatching(/^linux\/(amd64|arm64)$/) });
    expect(engine.lines[0]).toMatchObject({ severity: "info", message: expect.stringContaining("explicitly setting the `platform` field") });
  });

  test.each([
    [{ build: { context: "contexts/nowhere" } }, 'could not open dockerfile at relative path "contexts/nowhere/Dockerfile": stat contexts/nowhere/Dockerfile: no such file or directory'],
    [{ build: { context: "contexts/echo", dockerfile: "Dockerfile" } }, 'could not open dockerfile at relative path "Dockerfile". Try setting `dockerfile` to "contexts/echo/Dockerfile"'],
    [{ build: { context: "contexts/echo", dockerfile: "/nowhere/Dockerfile" } }, 'expected a relative Dockerfile path; got "/nowhere/Dockerfile" instead'],
    [{ build: { context: "contexts/echo", builderVersion: "BuilderV9" } }, "invalid Docker Builder version"],
    [{ build: { context: "contexts/echo", cacheFrom: {} } }, "cacheFrom requires an `images` field"],
    [{ imageName: "tools/echo:1", registry: {} }, '"tools/echo:1": repository name must be canonical.\nThis resource requires all image names to be fully qualified.'],
  ])("refuses %j", async (more, problem) => {
    await expect(engine.check(URN, program(more))).rejects.toThrow(problem);
  });

  test("leaves unknowns alone", async () => {
    const { inputs } = await engine.check(URN, program({ imageName: unknown, build: { context: unknown, platform: "linux/amd64" } }));
    expect(inputs["imageName"]).toBe(unknown);
    expect(inputs["build"]).toStrictEqual({ context: unknown, platform: "linux/amd64" });
  });
});

describe("diff", () => {
  const built = { imageName: "localhost:1/a:1", build: { contextDigest: "1" }, registry: { server: "s", username: "u", password: "p" } };
  test.each([
    ["nothing", built, {}],
    ["a new token", { ...built, registry: { server: "s", username: "v", password: "q" } }, {}],
    ["a new server", { ...built, registry: { server: "t", username: "u", password: "p" } }, { registry: "UPDATE" }],
    ["a changed context", { ...built, build: { contextDigest: "2" } }, { build: "UPDATE" }],
    ["another name is an update too", { ...built, imageName: "localhost:1/a:2" }, { imageName: "UPDATE" }],
    ["a new property", { ...built, skipPush: true }, { skipPush: "ADD" }],
    ["a property that went", { imageName: built.imageName, build: built.build }, { registry: "DELETE" }],
  ])("%s", async (_name, news, detailed) => {
    const diff = await engine.diff(URN, { oldInputs: {}, oldOutputs: { repoDigest: "x", __inputs: new Secret(built) }, news });
    expect(diff).toEqual({ changes: Object.keys(detailed).length > 0 ? "some" : "none", detailed, replaces: [], deleteBeforeReplace: false });
  });
});

describe("create and update", () => {
  test("build, push and answer the digest that the registry has", async () => {
    const { inputs } = await engine.check(URN, program());
    const { id, outputs } = await engine.create(URN, inputs);
    expect(id).toBe(`${registry.host}/tools/echo:1`);
    expect(outputs).toStrictEqual({
      dockerfile: "Dockerfile",
      context: "contexts/echo",
      baseImageName: id,
      imageName: id,
      registryServer: registry.host,
      platform: "linux/amd64",
      repoDigest: expect.stringMatching(/^localhost:\d+\/tools\/echo@sha256:[0-9a-f]{64}$/),
      __inputs: expect.any(Secret),
    });
    const digest = String(outputs["repoDigest"]).split("@")[1];
    const manifest = await registry.fetch(`/v2/tools/echo/manifests/${digest}`, { accept: "application/vnd.docker.distribution.manifest.v2+json" });
    expect(manifest.status).toBe(200);
    expect((await docker.getImage(id).inspect()).Config.Labels).toMatchObject({ who: "me" });
    expect((await engine.diff(URN, { oldInputs: inputs, oldOutputs: outputs, news: inputs })).changes).toBe("none");
  });

  test("tell their progress at the resource, and never the password", async () => {
    const { inputs } = await engine.check(URN, program());
    await engine.create(URN, inputs);
    const messages = engine.lines.filter(({ urn, ephemeral }) => urn === URN && ephemeral).map(({ message }) => message);
    expect(messages).toContain("Starting Docker build");
    expect(messages).toContain("Pushing Image to the registry");
    expect(messages.some((message) => /COPY a\.txt/.test(message))).toBe(true);
    expect(JSON.stringify(engine.lines)).not.toContain(LOGIN.password);
  });

  test("a changed file gives another digest", async () => {
    const first = await engine.check(URN, program());
    const { id, outputs } = await engine.create(URN, first.inputs);
    write("contexts/echo/a.txt", "changed");
    const { inputs } = await engine.check(URN, program(), { olds: first.inputs });
    const updated = await engine.update(URN, { id, inputs, oldInputs: first.inputs, oldOutputs: outputs });
    expect(updated["repoDigest"]).not.toBe(outputs["repoDigest"]);
  });

  test("without a push answer the local image", async () => {
    const { inputs } = await engine.check(URN, program({ skipPush: true }));
    const { outputs } = await engine.create(URN, inputs);
    expect(outputs["repoDigest"]).toBe((await docker.getImage(String(outputs["imageName"])).inspect()).Id);
  });

  test("of identical images at once both succeed", async () => {
    const { inputs } = await engine.check(URN, program());
    const [one, two] = await Promise.all([engine.create(URN, inputs), engine.create(URN, inputs)]);
    expect(one.outputs["repoDigest"]).toBe(two.outputs["repoDigest"]);
  });

  test("that fail quote the build's own lines", async () => {
    write("contexts/echo/Dockerfile", "FROM scratch\nCOPY absent.txt /\n");
    const { inputs } = await engine.check(URN, program());
    const error = (await engine.create(URN, inputs).catch((caught: unknown) => caught)) as { details: string };
    expect(error.details).toMatch(/^error reading build output: .*absent\.txt/);
    expect(error.details).toMatch(/\n\[.*\] COPY absent\.txt \//);
  });

  test("with a wrong password name the registry's refusal", async () => {
    const { inputs } = await engine.check(URN, program({ registry: { server: registry.host, username: "pusher", password: "wrong" } }));
    await expect(engine.create(URN, inputs)).rejects.toThrow(/error reading push output: .*(unauthorized|authentication|no basic auth)/i);
  });
});

test("a preview builds nothing and does not know the digest", async () => {
  const { inputs } = await engine.check(URN, program());
  const { outputs } = await engine.create(URN, inputs, { preview: true });
  expect(outputs).toStrictEqual(inputs);
  expect(outputs).not.toHaveProperty("repoDigest");
});

test("read answers the state, delete leaves the tags", async () => {
  const state = { id: "n", oldInputs: { imageName: "n" }, oldOutputs: { repoDigest: "n@d" } };
  expect(await engine.read(URN, state)).toEqual({ id: "n", inputs: state.oldInputs, outputs: state.oldOutputs });
  await engine.delete(URN, { id: "n", outputs: {} });
});

test("other resources are refused by name", async () => {
  const container = "urn:pulumi:local::toolwharf::docker:index/container:Container::c";
  await expect(engine.check(container, {})).rejects.toThrow(/no resource type 'docker:index\/container:Container'.*local\/README\.md/);
});

test("an engine that does not answer is said at once", async () => {
  const { default: Dockerode } = await import("dockerode");
  const lost = await serveProvider(dockerProvider({ docker: new Dockerode({ socketPath: join(project, "no.sock") }), projectFolder: project }));
  const other = await connectEngine(lost.port);
  await expect(other.configure({})).rejects.toThrow("failed to connect to any docker daemon");
  other.close();
  await lost.close();
});
