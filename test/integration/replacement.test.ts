import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ask } from "../support/https-client.ts";
import { ScratchProject } from "../support/scratch-project.ts";

describe("a replacement that fails half-way", () => {
  const project = new ScratchProject(["node-echo"]);

  beforeAll(() => project.must(["up", "--yes"]));
  afterAll(() => project.dispose());

  test("is taken up again by the next up, which deletes nothing that it has just made", async () => {
    project.edit("Pulumi.local.yaml", "azure-native:location: westeurope", "azure-native:location: mars");
    const refused = await project.up();
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining("LocationNotAvailable") });
    // What failed is said by the engine; the SDK's own stacks and warnings about it are of no use to anybody.
    expect(refused.output).not.toMatch(/^\s+at \S|Warning:/m);

    project.edit("Pulumi.local.yaml", "azure-native:location: mars", "azure-native:location: westeurope");
    await project.must(["up", "--yes"]);
    const { url } = (await project.outputs()).tools["node-echo"]!;
    await expect(ask(`${url}/health`, project.connection().caFile)).resolves.toMatchObject({ status: 200 });
    expect((await project.up()).output).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
  });
});
