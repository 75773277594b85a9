import { randomBytes } from "node:crypto";
import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ContainerRegistryClient, ContainerRegistryContentClient } from "@azure/container-registry";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { collectGarbage } from "../../../local/registry/garbage.ts";
import { pushImage } from "../support/pushed-image.ts";
import { ServedRegistry } from "../support/served-registry.ts";

const registry = new ServedRegistry();
const LAYER_BYTES = 1024 * 1024;
const contentOf = (repository: string) => new ContainerRegistryContentClient(registry.endpoint, repository, registry.credential("owner"), { tlsOptions: { ca: registry.caPem } });
const client = () => new ContainerRegistryClient(registry.endpoint, registry.credential("owner"), { tlsOptions: { ca: registry.caPem } });
const size = (): number => {
  const folder = join(registry.storageFolder, "content");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, each) => sum + (each.isFile() ? each.size : 0), 0);
};

beforeAll(async () => {
  registry.grant("owner", "pull/read", "push/write", "artifacts/delete");
  await registry.start();
}, 60_000);
afterAll(() => registry.stop());

test("a start gives the disk of deleted content back, and keeps untagged manifests and shared layers", async () => {
  const shared = randomBytes(LAYER_BYTES);
  const kept = await pushImage(contentOf("kept"), ["v1"], shared);
  const untagged = await pushImage(contentOf("kept"), []);
  const before = size();
  await pushImage(contentOf("gone"), ["v1"], shared);
  await pushImage(contentOf("gone"), ["v2"], randomBytes(LAYER_BYTES));
  const brief = await pushImage(contentOf("kept"), ["brief"], randomBytes(LAYER_BYTES));
  expect(size()).toBeGreaterThan(before + 2 * LAYER_BYTES);
  await client().deleteRepository("gone");
  await contentOf("kept").deleteManifest(brief.digest);

  await registry.restart();
  // What is left of a deletion is a few names of layers.
  expect(size()).toBeLessThan(before + 2048);
  for (const { digest, manifest } of [kept, untagged]) {
    expect((await contentOf("kept").getManifest(digest)).digest).toBe(digest);
    await contentOf("kept").downloadBlob(manifest.layers[0]!.digest);
  }
});

test("content whose disk was given back is pushed again whole", async () => {
  const layer = randomBytes(LAYER_BYTES);
  const { digest } = await pushImage(contentOf("again"), ["v1"], layer);
  await contentOf("again").deleteManifest(digest);
  await registry.restart();
  const again = await pushImage(contentOf("again"), ["v1"], layer);
  const blob = await contentOf("again").downloadBlob(again.manifest.layers[0]!.digest);
  let received = 0;
  for await (const chunk of blob.content as AsyncIterable<Buffer>) received += chunk.length;
  expect(received).toBe(LAYER_BYTES);
});

test("a registry all of whose repositories were deleted starts", async () => {
  for await (const name of client().listRepositoryNames()) await client().deleteRepository(name);
  await registry.restart();
  expect(await client().listRepositoryNames().next()).toMatchObject({ done: true });
});

test("a failure is a line in the log", async () => {
  const config = join(registry.storageFolder, "broken.yml");
  writeFileSync(config, "version: 9\n");
  const lines: string[] = [];
  await collectGarbage("docker-registry", config, registry.storageFolder, (line) => lines.push(line));
  await collectGarbage("docker-registry", config, join(registry.storageFolder, "absent"), (line) => lines.push(line));
  rmSync(config);
  expect(lines).toEqual([expect.stringContaining("garbage of the registry was not collected")]);
});

test("a removed registry leaves no attributes", async () => {
  await pushImage(contentOf("locked"), ["v1"]);
  await client().getRepository("locked").updateProperties({ canWrite: false });
  expect(registry.store.list("registries/")).toHaveLength(2);
  await registry.host.remove(registry.id);
  expect(registry.store.list("registries/")).toEqual([]);
});
