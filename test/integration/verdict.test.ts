import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ask, askArm } from "../support/https-client.ts";
import { runningReplicas } from "../support/leftovers.ts";
import { ScratchProject, type Outputs } from "../support/scratch-project.ts";

/** Not ready, the fourth case of the verdict, is in failing-tools.test.ts. */
describe("the verdict on a deployment", () => {
  const project = new ScratchProject(["node-echo"]);
  let outputs: Outputs;

  const replicasOf = async (app: string) => (await runningReplicas(project)).filter((replica) => replica.app === app).length;
  const until = async (what: string, holds: () => Promise<boolean>) => {
    for (let tries = 0; tries < 60; tries += 1) {
      if (await holds()) return;
      await sleep(500);
    }
    throw new Error(`not within 30 s: ${what}`);
  };

  beforeAll(async () => {
    for (const file of ["server.js", "package.json", "package-lock.json"]) project.write(`tools/inside/${file}`, project.read(`tools/node-echo/${file}`));
    project.configure({ "toolwharf:toolSettings": { inside: { access: "internal" } } });
    await project.must(["up", "--yes"]);
    outputs = await project.outputs();
  });
  afterAll(() => project.dispose());

  test("ready: the endpoint was asked, and answers", async () => {
    await expect(ask(`${outputs.tools["node-echo"]!.url}/health`, project.connection().caFile)).resolves.toMatchObject({ status: 200 });
  });

  test("internal: judged by ARM's state alone, and not reachable from outside", async () => {
    expect(outputs.tools.inside!.fqdn).toMatch(/^inside\.internal\./);
    expect(outputs.tools.inside!.revision).toMatch(/^inside--/);
    await expect(ask(`${outputs.tools.inside!.url}/health`, project.connection().caFile)).resolves.toMatchObject({ status: 404 });
  });

  test("scaled to zero: a success that wakes nothing; the next request is held until a replica answers it", async () => {
    const { subscriptionId } = project.connection();
    const { resourceGroupName } = outputs.platform as { resourceGroupName: string };
    const app = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}/providers/Microsoft.App/containerApps/node-echo`;
    await askArm(project.connection(), "PATCH", app, { properties: { template: { scale: { cooldownPeriod: 1, pollingInterval: 1 } } } });
    await until("node-echo rests", async () => (await replicasOf("node-echo")) === 0);

    expect(await project.up()).toMatchObject({ code: 0 });
    expect(await replicasOf("node-echo")).toBe(0);

    await expect(ask(`${outputs.tools["node-echo"]!.url}/health`, project.connection().caFile)).resolves.toMatchObject({ status: 200 });
    expect(await replicasOf("node-echo")).toBe(1);
  });
});
