import { createHash, randomBytes } from "node:crypto";
import { ContainerRegistryClient, ContainerRegistryContentClient } from "@azure/container-registry";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { ask } from "../../support/https-client.ts";
import { pushImage } from "../support/pushed-image.ts";
import { ServedRegistry } from "../support/served-registry.ts";

/** Azure's own client for registries, told nothing but an address, a token and whom to trust. */
const registry = new ServedRegistry();
const OWNER = ["pull/read", "push/write", "artifacts/delete"];
const DISALLOWED = /"code":"REGISTRY_DISALLOWED_OPERATION"|The operation is disallowed on this registry, repository or image/;

let options: { tlsOptions: { ca: string }; retryOptions: { maxRetries: number } };
const clientOf = (principal: string) => new ContainerRegistryClient(registry.endpoint, registry.credential(principal), options);
const contentOf = (principal: string, repository: string) => new ContainerRegistryContentClient(registry.endpoint, repository, registry.credential(principal), options);
let client: ContainerRegistryClient;

beforeAll(async () => {
  await registry.start();
  options = { tlsOptions: { ca: registry.caPem }, retryOptions: { maxRetries: 0 } };
  registry.grant("owner", ...OWNER);
  client = clientOf("owner");
}, 60_000);
afterAll(() => registry.stop());

const collect = async <T>(all: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const one of all) found.push(one);
  return found;
};

const push = (repository: string, tags: string[], layer?: Buffer) => pushImage(contentOf("owner", repository), tags, layer);

describe("content by @azure/container-registry", () => {
  test("a manifest and blobs of several chunks go up and come down as they were", async () => {
    const layer = randomBytes(9 * 1024 * 1024);
    const { digest, manifest } = await push("content/whole", ["v1"], layer);
    const content = contentOf("owner", "content/whole");

    const downloaded = await content.getManifest("v1");
    expect(downloaded).toMatchObject({ digest, mediaType: "application/vnd.oci.image.manifest.v1+json", manifest });
    expect((await content.getManifest(digest)).digest).toBe(digest);
    const blob = await content.downloadBlob(manifest.layers[0]!.digest);
    expect(createHash("sha256").update(Buffer.concat(await collect(blob.content as AsyncIterable<Buffer>))).digest("hex")).toBe(manifest.layers[0]!.digest.slice(7));
  });

  test("a manifest and a blob are deleted, and a second time is no error", async () => {
    const { digest, manifest } = await push("content/brief", ["v1"]);
    const content = contentOf("owner", "content/brief");
    for (let time = 0; time < 2; time += 1) {
      await content.deleteManifest(digest);
      await content.deleteBlob(manifest.layers[0]!.digest);
    }
    await expect(content.getManifest("v1")).rejects.toMatchObject({ statusCode: 404 });
    expect(await collect(client.listRepositoryNames())).not.toContain("content/brief");
  });
});

describe("repositories by @azure/container-registry", () => {
  test("are listed by name and in pages, without those that may not be listed", async () => {
    for (const name of ["list/a", "list/b", "list"]) await push(name, ["v1"]);
    const all = (await collect(client.listRepositoryNames())).filter((name) => name.startsWith("list"));
    expect(all).toEqual(["list", "list/a", "list/b"]);
    const pages = await collect(client.listRepositoryNames().byPage({ maxPageSize: 2 }));
    expect(pages.flat().filter((name) => name.startsWith("list"))).toEqual(all);
    expect(pages.every((page) => page.length <= 2)).toBe(true);

    await client.getRepository("list/a").updateProperties({ canList: false });
    expect(await collect(client.listRepositoryNames())).not.toContain("list/a");
    expect((await client.getRepository("list/a").getProperties()).tagCount).toBe(1);
  });

  test("have properties, which are updated one by one", async () => {
    const before = Date.now() - 1000;
    await push("props", ["v1", "v2"]);
    await push("props", []);
    const repository = client.getRepository("props");
    const properties = await repository.getProperties();
    expect(properties).toMatchObject({ name: "props", registryLoginServer: registry.loginServer, manifestCount: 2, tagCount: 2, canDelete: true, canWrite: true, canList: true, canRead: true });
    expect(properties.createdOn.getTime()).toBeGreaterThan(before);
    expect(properties.lastUpdatedOn.getTime()).toBeGreaterThanOrEqual(properties.createdOn.getTime());
    expect(await repository.updateProperties({ canDelete: false })).toMatchObject({ canDelete: false, canWrite: true });
    expect(await repository.updateProperties({ canRead: false })).toMatchObject({ canDelete: false, canRead: false });
    expect(await repository.getProperties()).toMatchObject({ canDelete: false, canRead: false, canList: true });
  });

  test("are deleted with all that is in them, but not those below, and begin anew without locks", async () => {
    await push("gone", ["v1"]);
    await push("gone/below", ["v1"]);
    await client.getRepository("gone").getArtifact("v1").updateTagProperties("v1", { canList: false });
    await client.deleteRepository("gone");
    await client.deleteRepository("gone");
    await expect(client.getRepository("gone").getProperties()).rejects.toMatchObject({ statusCode: 404, message: expect.stringContaining('repository \\"gone\\" is not found') });
    await expect(contentOf("owner", "gone").getManifest("v1")).rejects.toMatchObject({ statusCode: 404 });
    expect((await contentOf("owner", "gone/below").getManifest("v1")).digest).toMatch(/^sha256:/);
    await push("gone", ["v1"]);
    expect((await client.getRepository("gone").getArtifact("v1").getTagProperties("v1")).canList).toBe(true);
  });
});

describe("tags and manifests by @azure/container-registry", () => {
  const repository = "group/tool";
  let [first, second] = [{ digest: "", size: 0 }, { digest: "", size: 0 }];
  beforeAll(async () => {
    first = await push(repository, ["v1", "stable"]);
    second = await push(repository, ["v2", "V2"]);
  });
  const artifact = (reference: string) => client.getArtifact(repository, reference);

  test("tags are listed by name, by time and in pages", async () => {
    const names = async (order?: "LastUpdatedOnAscending" | "LastUpdatedOnDescending", maxPageSize = 3) =>
      (await collect(artifact("v1").listTagProperties(order ? { order } : {}).byPage({ maxPageSize }))).map((page) => page.map(({ name }) => name));
    expect(await names()).toEqual([["V2", "stable", "v1"], ["v2"]]);
    expect((await names("LastUpdatedOnAscending")).flat()).toEqual(["v1", "stable", "v2", "V2"]);
    expect((await names("LastUpdatedOnDescending", 1)).flat()).toEqual(["V2", "v2", "stable", "v1"]);
  });

  test("a tag is read and updated without its neighbours", async () => {
    expect(await artifact("v1").getTagProperties("v1")).toMatchObject({ name: "v1", digest: first.digest, repositoryName: repository, canDelete: true });
    expect(await artifact("v2").updateTagProperties("v2", { canWrite: false })).toMatchObject({ name: "v2", canWrite: false });
    expect((await artifact("v2").getTagProperties("V2")).canWrite).toBe(true);
    await artifact("v2").updateTagProperties("v2", { canWrite: true });
    await expect(artifact("v1").getTagProperties("v9")).rejects.toMatchObject({ statusCode: 404, message: expect.stringContaining("the specified tag does not exist") });
  });

  test("a manifest is told with its platform, size and tags, and is updated", async () => {
    expect(await artifact("v1").getManifestProperties()).toMatchObject({
      digest: first.digest,
      architecture: "amd64",
      operatingSystem: "linux",
      sizeInBytes: first.size,
      tags: ["stable", "v1"],
    });
    expect(await artifact(second.digest).updateManifestProperties({ canDelete: false })).toMatchObject({ digest: second.digest, canDelete: false });
    await artifact(second.digest).updateManifestProperties({ canDelete: true });
    const { digest } = await push(repository, []);
    const listed = await collect(client.getRepository(repository).listManifestProperties({ order: "LastUpdatedOnAscending" }));
    expect(listed.map((each) => each.digest)).toEqual([first.digest, second.digest, digest]);
    expect(listed.at(-1)!.tags).toEqual([]);
    await expect(artifact(`sha256:${"0".repeat(64)}`).getManifestProperties()).rejects.toMatchObject({ statusCode: 404 });
  });

  test("tags and manifests that may not be listed are not, but are read", async () => {
    await push("hidden", ["v1", "v2"]);
    const { digest } = await push("hidden", []);
    const hidden = client.getArtifact("hidden", digest);
    await hidden.updateTagProperties("v1", { canList: false });
    await hidden.updateManifestProperties({ canList: false });
    expect((await collect(hidden.listTagProperties())).map(({ name }) => name)).toEqual(["v2"]);
    expect((await collect(client.getRepository("hidden").listManifestProperties())).map((each) => each.digest)).not.toContain(digest);
    expect((await hidden.getTagProperties("v1")).canList).toBe(false);
  });

  test("an index leads to its manifests", async () => {
    const index = {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [{ mediaType: "application/vnd.oci.image.manifest.v1+json", digest: first.digest, size: first.size, platform: { architecture: "amd64", os: "linux" } }],
    };
    await contentOf("owner", repository).setManifest(Buffer.from(JSON.stringify(index)), { tag: "index", mediaType: index.mediaType });
    expect((await artifact("index").getManifestProperties()).relatedArtifacts).toEqual([{ digest: first.digest, architecture: "amd64", operatingSystem: "linux" }]);
  });

  test("a deleted tag leaves its manifest, a deleted manifest takes its tags", async () => {
    await artifact("V2").deleteTag("V2");
    await artifact("V2").deleteTag("V2");
    expect((await artifact(second.digest).getManifestProperties()).tags).toEqual(["v2"]);
    expect((await contentOf("owner", repository).getManifest("v2")).digest).toBe(second.digest);
    await artifact("v2").delete();
    await expect(artifact("v1").getTagProperties("v2")).rejects.toMatchObject({ statusCode: 404 });
  });
});

describe("locks", () => {
  test("a tag that may not be written is neither pushed over nor deleted; others are", async () => {
    const { digest } = await push("locked/tag", ["v1"]);
    const artifact = client.getArtifact("locked/tag", digest);
    await artifact.updateTagProperties("v1", { canWrite: false });
    await expect(push("locked/tag", ["v1"])).rejects.toMatchObject({ statusCode: 405, message: expect.stringMatching(DISALLOWED) });
    await expect(artifact.deleteTag("v1")).rejects.toMatchObject({ statusCode: 405 });
    await expect(artifact.delete()).rejects.toMatchObject({ statusCode: 405 });
    await expect(client.deleteRepository("locked/tag")).rejects.toMatchObject({ statusCode: 405 });
    await push("locked/tag", ["v2"]);
    await artifact.updateTagProperties("v1", { canWrite: true });
    await artifact.deleteTag("v1");
  });

  test("a repository's locks hold for all that is in it", async () => {
    const { digest } = await push("locked/all", ["v1"]);
    const repository = client.getRepository("locked/all");
    await repository.updateProperties({ canDelete: false });
    await push("locked/all", ["v1"]);
    await expect(client.getArtifact("locked/all", digest).delete()).rejects.toMatchObject({ statusCode: 405 });
    await repository.updateProperties({ canWrite: false, canRead: false });
    await expect(push("locked/all", ["v2"])).rejects.toMatchObject({ statusCode: 405 });
    await expect(contentOf("owner", "locked/all").getManifest("v1")).rejects.toMatchObject({ statusCode: 405 });
  });

  test("outlive a restart, and go with the manifest that bore them", async () => {
    const { digest, manifest } = await push("locked/kept", ["v1"]);
    await client.getArtifact("locked/kept", digest).updateManifestProperties({ canRead: false });
    await registry.restart();
    await expect(contentOf("owner", "locked/kept").getManifest("v1")).rejects.toMatchObject({ statusCode: 405 });
    await client.getArtifact("locked/kept", digest).delete();
    await contentOf("owner", "locked/kept").setManifest(manifest, { tag: "v1" });
    expect((await contentOf("owner", "locked/kept").getManifest("v1")).digest).toBe(digest);
  });
});

describe("rights", () => {
  beforeEach(() => registry.configure({}));

  test.each([
    ["nothing", [], { list: false, read: false, update: false, remove: false }],
    ["AcrPull", ["pull/read"], { list: true, read: true, update: false, remove: false }],
    ["AcrPush", ["pull/read", "push/write"], { list: true, read: true, update: true, remove: false }],
    ["AcrDelete", ["artifacts/delete"], { list: false, read: false, update: false, remove: true }],
  ])("with %s", async (_, actions, may) => {
    await expectRights(actions, may);
  });

  test.each([
    ["AcrPush and AcrDelete", OWNER, { list: false, read: false, update: false, remove: false }],
    ["Repository Reader", ["data:repositories/content/read", "data:repositories/metadata/read"], { list: false, read: true, update: false, remove: false }],
    ["Catalog Lister", ["data:catalog/read"], { list: true, read: false, update: false, remove: false }],
    [
      "Repository Contributor",
      ["content", "metadata"].flatMap((part) => ["read", "write", "delete"].map((verb) => `data:repositories/${part}/${verb}`)),
      { list: false, read: true, update: true, remove: true },
    ],
  ])("with %s in a registry of ABAC permissions", async (_, actions, may) => {
    await registry.configure({ roleAssignmentMode: "AbacRepositoryPermissions" });
    await expectRights(actions, may);
  });

  /** Each deed either finds nothing (and so was let in) or ends with ACR's 401. */
  async function expectRights(actions: string[], may: Record<"list" | "read" | "update" | "remove", boolean>): Promise<void> {
    const principal = `p${randomBytes(4).toString("hex")}`;
    registry.grant(principal, ...actions);
    const own = clientOf(principal);
    const repository = own.getRepository("rights/absent");
    const passes = (work: Promise<unknown>) =>
      work.then(
        () => true,
        (error: { statusCode?: number; message: string }) => {
          if (error.statusCode === 404) return true;
          expect(error).toMatchObject({ statusCode: 401, message: expect.stringContaining("authentication required, visit https://aka.ms/acr/authorization") });
          return false;
        },
      );
    expect({
      list: await passes(collect(own.listRepositoryNames())),
      read: await passes(repository.getProperties()),
      update: await passes(repository.updateProperties({ canList: true })),
      remove: await passes(repository.delete()),
    }).toEqual(may);
  }

  test("who comes without a token is shown the scope in ACR's words", async () => {
    const answer = await ask(`${registry.endpoint}/acr/v1/group%2Ftool/_tags`, registry.caFile);
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe(
      `Bearer realm="${registry.endpoint}/oauth2/token",service="${registry.loginServer}",scope="repository:group/tool:metadata_read"`,
    );
    expect(JSON.parse(answer.body).errors[0].detail).toEqual([{ Type: "repository", Name: "group/tool", Action: "metadata_read" }]);
  });
});
