import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import Docker from "dockerode";
import { ask, askArm } from "../support/https-client.ts";
import { leftovers, runningReplicas } from "../support/leftovers.ts";
import { ScratchProject } from "../support/scratch-project.ts";

jest.setTimeout(240_000);

const KEY = "c2VjcmV0LWtleS1vZi1hbi1hY2NvdW50";
const SERVER = `
import { appendFileSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
createServer((request, response) => {
  const file = "/data/notes";
  if (request.url.startsWith("/add/")) appendFileSync(file, request.url.slice(5) + ",");
  if (request.url === "/health") return response.end("ok");
  let notes = "";
  try { notes = readFileSync(file, "utf8"); } catch (error) { if (error.code !== "ENOENT") throw error; }
  response.end("version 1: " + notes);
}).listen(process.env.PORT, "0.0.0.0");
`;

describe("a tool that keeps files on a share of Azure Files", () => {
  const project = new ScratchProject([]);
  const docker = new Docker();
  const volumes = async () => ((await docker.listVolumes({ filters: JSON.stringify({ label: [`toolwharf.instance=${project.layout.instance}`] }) })).Volumes ?? []).map(({ Name }) => Name);
  const answer = async (path: string, stack = "local", tool = "notes") => (await ask(`${(await project.outputs(stack)).tools[tool]!.url}${path}`, project.connection().caFile)).body;
  const writeTool = (name: string) => {
    project.write(`tools/${name}/package.json`, JSON.stringify({ name, type: "module", main: "server.js" }));
    project.write(`tools/${name}/server.js`, SERVER);
  };
  const setKey = (key: string) => project.setSecret("toolwharf:storageKeys.data", key);

  beforeAll(async () => {
    writeTool("notes");
    project.configure({
      "toolwharf:storages": { data: { accountName: "wharfdata", shareName: "notes" } },
      "toolwharf:volumes": [{ storage: "data", mountPath: "/data" }],
      "toolwharf:tools": ["notes"],
    });
  });
  afterAll(() => project.dispose());

  test("without the account's key is refused with the command that sets it, before anything is created", async () => {
    const up = await project.up();
    expect(up.code).toBe(1);
    expect(up.output).toContain("toolwharf:storageKeys.data is not set");
    expect(up.output).not.toMatch(/azure-native:[a-z]+:[A-Z]/);
  });

  test("writes to it, and its key is in no output and in no file", async () => {
    await setKey(KEY);
    const up = await project.must(["up", "--yes"]);
    expect(up.output).not.toContain(KEY);
    expect(await answer("/add/one")).toBe("version 1: one,");
    const everything = filesBelow(join(project.folder, ".toolwharf")).filter((file) => readFileSync(file).includes(KEY));
    expect(everything).toEqual([]);
    expect((await project.outputs())["platform"]).toMatchObject({ storages: { data: expect.stringMatching(/^data-[0-9a-f]{6}$/) } });
  });

  test("unchanged, it stays as it is; another key is an update of the storage alone", async () => {
    const again = await project.must(["up", "--yes"]);
    expect(again.output).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
    const before = (await project.outputs()).tools["notes"]!.revision;
    await setKey(`${KEY.slice(0, -4)}Mw==`);
    expect((await project.must(["up", "--yes"])).output).toMatch(/1 updated/);
    expect((await project.outputs()).tools["notes"]!.revision).toBe(before);
  });

  test("finds its files again in a new revision", async () => {
    const before = (await project.outputs()).tools["notes"]!.revision;
    project.edit("tools/notes/server.js", "version 1", "version 2");
    await project.must(["up", "--yes"]);
    expect((await project.outputs()).tools["notes"]!.revision).not.toBe(before);
    expect(await answer("/")).toBe("version 2: one,");
  });

  test("finds its files again after it was scaled to zero", async () => {
    const { subscriptionId } = project.connection();
    const { resourceGroupName } = (await project.outputs())["platform"] as { resourceGroupName: string };
    const app = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}/providers/Microsoft.App/containerApps/notes`;
    expect((await askArm(project.connection(), "PATCH", app, { properties: { template: { scale: { cooldownPeriod: 1 } } } })).status).toBe(202);
    for (const end = Date.now() + 60_000; (await runningReplicas(project)).length > 0; await sleep(200)) if (Date.now() > end) throw new Error("not scaled to zero within a minute");
    expect(await answer("/")).toBe("version 2: one,");
  });

  test("finds its files again after its container and the daemon were killed", async () => {
    const [replica] = await runningReplicas(project);
    await docker.getContainer(replica!.id).remove({ force: true });
    process.kill(project.connection().pid, "SIGKILL");
    await project.must(["local", "up"]);
    expect(await answer("/add/two")).toBe("version 2: one,two,");
  });

  test("shares them with a tool in a stack of its own; what the platform has not is named", async () => {
    writeTool("reader");
    await project.must(["up", "reader", "--yes"]);
    expect(await answer("/", "local.reader", "reader")).toBe("version 1: one,two,");
    project.configure({ "toolwharf:volumes": [{ storage: "books", mountPath: "/data" }], "toolwharf:tools": ["notes"] });
    const up = await project.up("reader");
    expect(up).toMatchObject({ code: 1, output: expect.stringMatching(/STORAGE_UNKNOWN[^]*books[^]*data/) });
    await project.must(["destroy", "reader", "--yes"]);
  });

  test("with another share gets another storage, and the old one goes", async () => {
    project.configure({
      "toolwharf:storages": { data: { accountName: "wharfdata", shareName: "other" } },
      "toolwharf:volumes": [{ storage: "data", mountPath: "/data" }],
      "toolwharf:tools": ["notes"],
    });
    const up = await project.must(["up", "--yes"]);
    expect(up.output).toMatch(/1 created[^]*1 deleted/);
    expect(await answer("/")).toBe("version 2: ");
  });

  test("destroyed leaves its shares as Azure does, and `local down` nothing", async () => {
    await project.must(["destroy", "--yes"]);
    expect((await volumes()).sort()).toEqual(["notes", "other"].map((share) => `toolwharf-${project.layout.instance}-share-wharfdata-${share}`));
    await project.must(["local", "down"]);
    expect(await volumes()).toEqual([]);
    expect(await leftovers(project)).toEqual([]);
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.startsWith("cache"))
    .map((path) => join(folder, path))
    .filter((file) => statSync(file).isFile());
}
