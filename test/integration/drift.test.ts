import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import Docker from "dockerode";
import { ask, askArm } from "../support/https-client.ts";
import { leftovers, runningReplicas } from "../support/leftovers.ts";
import { registryToken } from "../support/registry-token.ts";
import { ScratchProject, type Outputs } from "../support/scratch-project.ts";

describe("what changed behind the program's back is found and mended", () => {
  const project = new ScratchProject(["node-echo"]);
  let outputs: Outputs;

  const appId = () => {
    const { subscriptionId } = project.connection();
    const { resourceGroupName } = outputs.platform as { resourceGroupName: string };
    return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}/providers/Microsoft.App/containerApps/node-echo`;
  };
  const settled = async () => {
    for (let tries = 0; tries < 100; tries += 1) {
      const { status, body } = await askArm(project.connection(), "GET", appId());
      if (status === 404 || (JSON.parse(body) as { properties: { provisioningState: string } }).properties.provisioningState === "Succeeded") return;
      await sleep(200);
    }
    throw new Error("the app did not settle within 20 s");
  };

  beforeAll(async () => {
    await project.must(["up", "--yes"]);
    outputs = await project.outputs();
  });
  afterAll(() => project.dispose());

  test("an app changed through ARM", async () => {
    const changed = await askArm(project.connection(), "PATCH", appId(), { properties: { template: { scale: { maxReplicas: 3 } } } });
    expect([200, 202]).toContain(changed.status);
    await settled();
    expect((await project.must(["refresh", "--yes"])).output).toMatch(/1 updated/);
    expect((await project.must(["up", "--yes"])).output).toMatch(/1 updated/);
    const { body } = await askArm(project.connection(), "GET", appId());
    expect(JSON.parse(body)).toMatchObject({ properties: { template: { scale: { maxReplicas: 10 } } } });
  });

  test("an app deleted through ARM", async () => {
    expect([200, 202]).toContain((await askArm(project.connection(), "DELETE", appId())).status);
    await settled();
    expect(await project.up()).toMatchObject({ code: 1, output: expect.stringContaining("APP_MISSING") });
    expect((await project.must(["refresh", "--yes"])).output).toMatch(/1 deleted/);
    expect((await project.must(["up", "--yes"])).output).toMatch(/1 created/);
    await expect(ask(`${outputs.tools["node-echo"]!.url}/health`, project.connection().caFile)).resolves.toMatchObject({ status: 200 });
  });

  test("a container removed by hand is started again by the miniature", async () => {
    const [replica] = await runningReplicas(project);
    await new Docker().getContainer(replica!.id).remove({ force: true });
    let answer: unknown;
    for (let tries = 0; tries < 60; tries += 1) {
      answer = await ask(`${outputs.tools["node-echo"]!.url}/health`, project.connection().caFile).then(({ status }) => status, String);
      if (answer === 200 && (await runningReplicas(project)).length === 1) break;
      await sleep(500);
    }
    expect(answer).toBe(200);
    expect((await runningReplicas(project)).map(({ id }) => id)).not.toContain(replica!.id);
  });

  test("an image deleted from the registry is noticed and built again; the stack then rests", async () => {
    const { image } = (await project.outputs()).tools["node-echo"]!;
    await project.must(["local", "status", "--json"]);
    const registryUrl = image.replace(/^([^/]+)\/(.*)@(.*)$/, "https://$1/v2/$2/manifests/$3");
    const token = await registryToken(project, image);
    const deleted = await ask(registryUrl, project.connection().caFile, { method: "DELETE", headers: { authorization: `Bearer ${token}` } });
    expect(deleted.status).toBe(202);

    await project.must(["up", "--yes"]);
    const manifest = await ask(registryUrl.replace(/sha256:.*/, (await project.outputs()).tools["node-echo"]!.image.split("@")[1]!), project.connection().caFile, {
      method: "HEAD",
      headers: { authorization: `Bearer ${token}`, accept: "application/vnd.docker.distribution.manifest.v2+json" },
    });
    expect(manifest.status).toBe(200);
    const rested = await project.up();
    expect(rested.output).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
  });

  test("destroy leaves nothing on the machine", async () => {
    await project.must(["destroy", "--yes"]);
    expect(await runningReplicas(project)).toEqual([]);
    expect((await leftovers(project)).filter((each) => !each.startsWith("process"))).toEqual([]);
    await expect(ask(outputs.tools["node-echo"]!.url, project.connection().caFile)).resolves.toMatchObject({ status: 404 });
    await project.must(["local", "down"]);
    expect(await leftovers(project)).toEqual([]);
  });
});
