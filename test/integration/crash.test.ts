import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ask, askArm } from "../support/https-client.ts";
import { runningReplicas } from "../support/leftovers.ts";
import { ScratchProject } from "../support/scratch-project.ts";

/** In the order in which they are created; a kill at each leaves everything before it made. */
const STEPS = [
  "random:index:RandomString",
  "azure-native:resources:ResourceGroup",
  "azure-native:operationalinsights:Workspace",
  "azure-native:containerregistry:Registry",
  "azure-native:managedidentity:UserAssignedIdentity",
  "azure-native:authorization:RoleAssignment",
  "azure-native:app:ManagedEnvironment",
  "docker:index:Image",
  "azure-native:app:ContainerApp",
];

const DAEMON_STEPS = STEPS.filter((type) => !type.startsWith("random") && !type.includes("Workspace") && !type.includes("Identity"));

const creating = (type: string) => new RegExp(`${type}\\s+\\S+\\s+creating`);

/** ARM's own list of what exists, by type; what a crash doubled or lost shows here. */
async function armTypes(project: ScratchProject): Promise<string[]> {
  const { platform } = (await project.outputs()) as unknown as { platform: { resourceGroupName: string } };
  const connection = project.connection();
  const { body } = await askArm(connection, "GET", `/subscriptions/${connection.subscriptionId}/resourceGroups/${platform.resourceGroupName}/resources`, undefined, "2021-04-01");
  return (JSON.parse(body) as { value: Array<{ type: string }> }).value.map(({ type }) => type.toLowerCase()).sort();
}

const WHOLE = [
  "microsoft.app/containerapps",
  "microsoft.app/managedenvironments",
  "microsoft.containerregistry/registries",
  "microsoft.managedidentity/userassignedidentities",
  "microsoft.operationalinsights/workspaces",
];

async function expectWhole(project: ScratchProject): Promise<void> {
  const last = await project.up();
  expect(last).toMatchObject({ code: 0 });
  const rested = await project.up();
  expect(rested.output).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
  expect(await armTypes(project)).toEqual(WHOLE);
  const { url } = (await project.outputs()).tools["node-echo"]!;
  await expect(ask(`${url}/health`, project.connection().caFile)).resolves.toMatchObject({ status: 200 });
  expect(await runningReplicas(project)).toHaveLength(1);
}

describe("killed at any step, the next up recovers by itself: nothing doubled, nothing lost", () => {
  const project = new ScratchProject(["node-echo"]);
  afterAll(() => project.dispose());

  const killWhileCreating = async (type: string, victim: (up: number) => number) => {
    const up = project.start(["up", "--yes"]);
    await up.prints(creating(type));
    process.kill(victim(up.child.pid!), "SIGKILL");
    await up.result;
  };

  test.each(STEPS)("the running up is killed while %s is being created", async (type) => {
    await killWhileCreating(type, (up) => -up);
    await expectWhole(project);
    await project.must(["destroy", "--yes"]);
  });

  test.each(DAEMON_STEPS)("the daemon is killed while %s is being created", async (type) => {
    await killWhileCreating(type, () => project.connection().pid);
    await expectWhole(project);
    await project.must(["destroy", "--yes"]);
  });
});

describe("at rest", () => {
  const project = new ScratchProject(["node-echo"]);
  beforeAll(() => project.must(["up", "--yes"]));
  afterAll(() => project.dispose());

  test("a killed daemon that is started again finds its containers and routes", async () => {
    const { url } = (await project.outputs()).tools["node-echo"]!;
    const before = await runningReplicas(project);
    process.kill(project.connection().pid, "SIGKILL");
    await sleep(200);
    await project.must(["local", "up"]);
    await expect(ask(`${url}/health`, project.connection().caFile)).resolves.toMatchObject({ status: 200 });
    expect(await runningReplicas(project)).toEqual(before);
  });

  test("two ups at once: one waits for the other, or is refused with who holds the stack", async () => {
    project.edit("tools/node-echo/server.js", "node-echo", "node-echo twice");
    const both = await Promise.all([project.up(), project.up()]);
    expect(both.filter(({ code }) => code === 0).length).toBeGreaterThanOrEqual(1);
    for (const { code, output } of both) if (code !== 0) expect(output).toMatch(/locked/i);
    const rested = await project.up();
    expect(rested.output).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
  });
});
