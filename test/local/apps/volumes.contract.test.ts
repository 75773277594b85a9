import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type Docker from "dockerode";
import { prepareVolumes } from "../../../local/apps/docker-volumes.ts";
import type { ContainerSpec } from "../../../local/apps/engine.ts";
import { finished } from "../../support/tiny-image.ts";
import { RunningHosts } from "../support/running-hosts.ts";

jest.setTimeout(30_000);

const hosts = new RunningHosts();
beforeAll(async () => {
  await hosts.start();
  await hosts.pushImage();
  await pushAs("1234");
  hosts.storages.set("data", { accountName: "wharfdata", shareName: "notes", accessMode: "ReadWrite" });
  hosts.storages.set("library", { accountName: "wharfdata", shareName: "notes", accessMode: "ReadOnly" });
}, 60_000);
afterAll(async () => {
  const containers = await hosts.docker.listContainers({ all: true, filters: { label: [`toolwharf.instance=${hosts.layout.instance}`] } });
  for (const { Id } of containers) await hosts.docker.getContainer(Id).remove({ force: true }).catch(gone);
  await hosts.docker.getImage(`${hosts.image}:user`).remove();
  await hosts.dispose();
}, 60_000);

/** The tiny image once more, with another user. */
async function pushAs(user: string): Promise<void> {
  const { docker, image } = hosts;
  const container = await docker.createContainer({ Image: `${image}:v1` });
  await container.commit({ repo: image, tag: "user", changes: `USER ${user}\nVOLUME /image` });
  await container.remove();
  const [server] = image.split("/");
  const credential = await hosts.registries.pullCredential(server!, "developer");
  await finished(docker, await docker.getImage(`${image}:user`).push({ authconfig: { ...credential, serveraddress: server! } }));
}

type Volume = { name: string; storageType: string; [more: string]: unknown };
const DATA: Volume = { name: "data", storageType: "AzureFile", storageName: "data" };
const withVolumes = (name: string, volumes: Volume[], { env = {}, image = "v1", scale = { minReplicas: 1, maxReplicas: 3 }, configuration = {} } = {}) =>
  hosts.document(name, env, {
    template: { volumes, scale },
    container: { image: `${hosts.image}:${image}`, volumeMounts: volumes.map((volume) => ({ volumeName: volume.name, mountPath: `/${volume.name}` })) },
    configuration,
  });
const body = async (app: string, path: string) => (await hosts.ask(app, path)).body;
const volumesOf = async (kind: string) => (await hosts.volumes()).filter(({ Labels }) => Labels[`toolwharf.${kind}`]);
const removeContainers = async (app: ReturnType<typeof withVolumes>) => {
  for (const { Id } of await hosts.containers(app)) await hosts.docker.getContainer(Id).remove({ force: true }).catch(gone);
};
/** The app host may be removing it too. */
const gone = (error: { statusCode?: number }) => {
  if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
};

describe("a share of Azure Files", () => {
  const app = (env = {}) => withVolumes("alpha", [DATA], { env });

  test("is one volume of the miniature, and a new revision finds what the last one wrote", async () => {
    await hosts.ready(app({ SAYS: "one" }));
    expect(await body("alpha", "/append/first,/data/log")).toBe("appended");
    await hosts.ready(app({ SAYS: "two" }));
    expect(await body("alpha", "/read/data/log")).toBe("first,");
    expect((await hosts.volumes()).map(({ Name, Labels }) => [Name, Labels["toolwharf.share"]])).toEqual([[`toolwharf-${hosts.layout.instance}-share-wharfdata-notes`, "wharfdata/notes"]]);
  });

  test("outlives its container, and the daemon", async () => {
    await removeContainers(app());
    await hosts.until(async () => (await hosts.ask("alpha", "/read/data/log")).body === "first,");
    hosts.apps.close();
    await removeContainers(app());
    await hosts.startApps();
    await hosts.until(async () => (await hosts.ask("alpha", "/read/data/log")).body === "first,");
  });

  test("is written by every user, to what others wrote too", async () => {
    await hosts.ready(withVolumes("beta", [DATA], { image: "user" }));
    expect(await body("beta", "/append/second,/data/log")).toBe("appended");
    expect(await body("beta", "/append/own,/data/beta")).toBe("appended");
    expect(await body("alpha", "/append/third,/data/beta")).toBe("appended");
    expect(await body("alpha", "/read/data/log")).toBe("first,second,");
    expect(await body("beta", "/read/data/beta")).toBe("own,third,");
  });

  test("with the access mode ReadOnly is read, and not written", async () => {
    await hosts.ready(withVolumes("gamma", [{ ...DATA, storageName: "library" }]));
    expect(await body("gamma", "/read/data/log")).toBe("first,second,");
    expect(await hosts.ask("gamma", "/append/third,/data/log")).toMatchObject({ status: 500, body: expect.stringContaining("read-only file system") });
  });

  test("whose storage is gone keeps a container from starting, and says so", async () => {
    await hosts.apps.apply(withVolumes("epsilon", [{ ...DATA, storageName: "none" }]));
    const { id } = withVolumes("epsilon", []);
    await hosts.until(() => /Storage 'none' was not found/.test(String(hosts.apps.revisions(id).at(-1)!.properties["runningStateDetails"])));
    await hosts.apps.remove(id);
  });

  test("outlives its apps", async () => {
    for (const name of ["alpha", "beta", "gamma"]) await hosts.apps.remove(hosts.document(name).id);
    await hosts.ready(app({ SAYS: "again" }));
    expect(await body("alpha", "/read/data/log")).toBe("first,second,");
    await hosts.apps.remove(app().id);
  });
});

describe("an EmptyDir", () => {
  const app = withVolumes.bind(undefined, "delta", [{ name: "scratch", storageType: "EmptyDir" }]);

  test("is the replica's own: it survives the container, not the replica", async () => {
    await hosts.ready(app({ image: "user" }));
    expect(await body("delta", "/append/kept/scratch/file")).toBe("appended");
    await hosts.ask("delta", "/exit/3").catch(() => undefined);
    await hosts.until(async () => (await hosts.ask("delta", "/read/scratch/file")).body === "kept");
    await hosts.ready(app({ image: "user", env: { SAYS: "new" } }));
    expect(await hosts.ask("delta", "/read/scratch/file")).toMatchObject({ status: 404 });
    await hosts.until(async () => (await volumesOf("replica")).length === 1);
  });

  test("of replicas differs", async () => {
    await hosts.ready(app({ image: "user", scale: { minReplicas: 2, maxReplicas: 2 } }));
    await hosts.until(async () => (await hosts.containers(app())).length === 2 && (await volumesOf("replica")).length === 2);
    const answers = await Promise.all([1, 2].map(() => body("delta", "/append/x/scratch/own")));
    expect(answers).toEqual(["appended", "appended"]);
    expect((await Promise.all([1, 2].map(() => body("delta", "/read/scratch/own")))).sort()).toEqual(["x", "x"]);
  });

  test("goes with the app; one that a killed daemon left goes at the next look", async () => {
    await hosts.docker.createVolume({ Name: `toolwharf-${hosts.layout.instance}-lost`, Labels: { "toolwharf.instance": hosts.layout.instance, "toolwharf.replica": "lost--1-2-3" } });
    await hosts.apps.remove(app().id);
    await hosts.until(async () => (await volumesOf("replica")).length === 0);
  });
});

describe("a Secret volume", () => {
  const configuration = (value: string) => ({ secrets: [{ name: "key", value }, { name: "token", value: "the-token" }] });
  const app = (value: string, secrets?: object[]) => withVolumes("zeta", [{ name: "keys", storageType: "Secret", ...(secrets && { secrets }) }], { image: "user", configuration: configuration(value) });

  test("has a file for each secret, which nobody writes, and is nowhere else", async () => {
    await hosts.ready(app("the-key"));
    expect(await body("zeta", "/read/keys/key")).toBe("the-key");
    expect(await body("zeta", "/read/keys/token")).toBe("the-token");
    expect(await hosts.ask("zeta", "/append/x/keys/key")).toMatchObject({ status: 500 });
    const [container] = await hosts.containers(app(""));
    const seen = [await hosts.docker.getContainer(container!.Id).inspect(), await hosts.volumes()];
    expect(JSON.stringify(seen)).not.toMatch(/the-key|the-token/);
  });

  test("has the changed secret after a restart of the revision", async () => {
    await hosts.apps.apply(app("another-key"));
    expect(await body("zeta", "/read/keys/key")).toBe("the-key");
    await hosts.apps.restartRevision(app("").id, hosts.apps.status(app("").id).latestRevisionName!);
    await hosts.until(async () => (await hosts.ask("zeta", "/read/keys/key")).body === "another-key");
  });

  test("has those that it lists, at their paths", async () => {
    await hosts.ready(app("the-key", [{ secretRef: "key", path: "api/key.txt" }]));
    expect(await body("zeta", "/read/keys/api/key.txt")).toBe("the-key");
    expect(await hosts.ask("zeta", "/read/keys/token")).toMatchObject({ status: 404 });
    await hosts.apps.remove(app("").id);
    await hosts.until(async () => (await volumesOf("replica")).length === 0);
  });
});

test("preparing a volume leaves nothing of the volumes that the image itself declares", async () => {
  const made: string[] = [];
  const docker = Object.create(hosts.docker, {
    createContainer: {
      value: async (options: Docker.ContainerCreateOptions) => {
        const container = await hosts.docker.createContainer(options);
        made.push(...(await container.inspect()).Mounts.map(({ Name }) => Name!));
        return container;
      },
    },
  }) as Docker;
  const name = `toolwharf-${hosts.layout.instance}-prepared`;
  const spec = { image: `${hosts.image}:user`, labels: {}, volumes: [{ name, labels: {}, paths: ["/data"], readOnly: false }] };
  await prepareVolumes(docker, hosts.layout.instance, spec as unknown as ContainerSpec);
  expect(made).toHaveLength(2);
  const left = await Promise.all(made.map((each) => hosts.docker.getVolume(each).inspect().then(() => [each], () => [])));
  expect(left.flat()).toEqual([name]);
});
